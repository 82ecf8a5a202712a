"""What the team sees together: agreement, disagreements, the last word on them."""

from typing import TYPE_CHECKING

from temper.label import audit
from temper.label.adjudication import adjudicate
from temper.label.gold import drifts
from temper.label.overview import open_disagreements, team_of
from temper.label.render import KEYS
from temper.label.visits import Desk, Visit, route
from temper.report.figures import rate_in_words

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.routing import Route

SHOWN = 50
"""Disagreements on one page."""


def routes(desk: Desk) -> "list[Route]":
    return [
        route(desk, "/agreement", agreement),
        route(desk, "/disagreements", disagreements),
        route(desk, "/adjudicate", decide, "POST", lead=True),
    ]


async def agreement(visit: Visit) -> "Response":
    from starlette.concurrency import run_in_threadpool

    store, settings, guideline = visit.desk.store, visit.desk.settings, visit.guideline
    labels = store.standing_labels(guideline.version)
    # a thousand resamples, away from the loop that serves items to the others
    team = await run_in_threadpool(team_of, labels, guideline)
    rates = (
        [
            rate_in_words(audit.corrected(store, guideline, measure).to_json())
            for measure in audit.measures(store)
        ]
        if settings.queue == audit.QUEUE
        else []
    )
    return visit.page(
        "agreement.html",
        team=team,
        guideline=guideline,
        drifts=drifts(store, settings) if visit.may_lead else [],
        rates=rates,
    )


async def disagreements(visit: Visit) -> "Response":
    store, guideline = visit.desk.store, visit.guideline
    labels = store.standing_labels(guideline.version)
    found = open_disagreements(store, visit.desk.settings, labels, visit.name)
    waiting = [one for one in found if one.settled is None]
    return visit.page(
        "disagreements.html",
        waiting=waiting[:SHOWN],
        more=max(0, len(waiting) - SHOWN),
        settled=[one for one in found if one.settled is not None][-SHOWN:],
        guideline=guideline,
        keys=KEYS,
    )


async def decide(visit: Visit) -> "Response":
    adjudicate(
        visit.desk.store,
        visit.guideline,
        visit.name,
        visit.field("item"),
        visit.field("value"),
        visit.field("note"),
    )
    return visit.go("/disagreements")
