"""What a team sees of itself: progress, pace, agreement, disagreements."""

from collections import Counter
from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

from temper.errors import MeasureError
from temper.establish.agreement import agreement_of
from temper.establish.agreement_parts import (
    Disagreement,
    Pair,
    agreement_by_label,
    agreement_by_pair,
    disagreements,
)
from temper.label.next_item import left_for
from temper.label.settings import Settings
from temper.label.tables import LabelStore
from temper.records import Guideline, Label
from temper.stats.agreement import Agreement

PACE_OVER = 20
"""Items that the pace is the median of."""


class Progress(NamedTuple):
    """How far one person is."""

    done: int
    left: int
    pace: float | None
    """Seconds an item, the median of the last ones; None before the first."""

    @property
    def minutes_left(self) -> int | None:
        return None if self.pace is None else max(1, round(self.pace * self.left / 60))


class Team(NamedTuple):
    """Agreement among everybody who labelled, and how much each did."""

    agreement: Agreement | None
    why_not: str
    by_label: dict[str, Agreement | None]
    by_pair: list[Pair]
    counts: dict[str, Counter[str]]
    """For each annotator how often they gave each label; skipped under ""."""


def progress_of(store: LabelStore, settings: Settings, annotator: str) -> Progress:
    done = store.value(
        "SELECT count(*) FROM served WHERE annotator = ? AND done IS NOT NULL"
        " AND purpose IN ('label', 'again')",
        annotator,
    )
    recent = [
        row["seconds"]
        for row in store.find(
            "SELECT seconds FROM served WHERE annotator = ? AND seconds IS NOT NULL"
            " ORDER BY done DESC LIMIT ?",
            annotator,
            PACE_OVER,
        )
    ]
    return Progress(
        int(done), left_for(store, settings, annotator), median(recent) if recent else None
    )


def team_of(labels: Sequence[Label], guideline: Guideline) -> Team:
    """A pure function of the standing labels, slow enough to be kept off the page of items."""
    counts: dict[str, Counter[str]] = {}
    for label in labels:
        if label.kind != "adjudicator":
            counts.setdefault(label.annotator, Counter())[label.value] += 1
    why_not = ""
    try:
        agreement = agreement_of(labels, guideline)
    except MeasureError as error:
        agreement, why_not = None, str(error)
    if agreement is None:
        return Team(None, why_not, {}, [], counts)
    by_label = agreement_by_label(labels, guideline)
    return Team(agreement, "", by_label, agreement_by_pair(labels, guideline), counts)


def open_disagreements(
    store: LabelStore, settings: Settings, labels: Sequence[Label], viewer: str
) -> list[Disagreement]:
    """Disagreements that do not give away what the viewer has still to label themselves."""
    waiting = {
        row["item_id"]
        for row in store.find(
            "SELECT item_id FROM queues AS q WHERE queue = ? AND taken < ? AND NOT EXISTS"
            " (SELECT 1 FROM served AS s WHERE s.item_id = q.item_id AND s.annotator = ?"
            " AND s.done IS NOT NULL)",
            settings.queue,
            settings.each,
            viewer,
        )
    }
    return [one for one in disagreements(labels) if one.item_id not in waiting]
