"""Reading, changing and questioning the guideline in the page."""

from typing import TYPE_CHECKING

from temper.label import guidelines
from temper.label.people import cleaned
from temper.label.security import Refused
from temper.label.visits import Desk, Visit, route
from temper.records import Guideline, LabelKind

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.routing import Route

KINDS: dict[str, LabelKind] = {"binary": "binary", "nominal": "nominal", "ordinal": "ordinal"}
BLANK = 2
"""Empty rows for labels that are new."""


def routes(desk: Desk) -> "list[Route]":
    return [
        route(desk, "/guideline", read),
        route(desk, "/guideline/edit", edit, lead=True),
        route(desk, "/guideline/check", check, "POST", lead=True),
        route(desk, "/guideline/save", save, "POST", lead=True),
        route(desk, "/propose", propose, "POST"),
        route(desk, "/proposals", decide, "POST", lead=True),
    ]


async def read(visit: Visit) -> "Response":
    store = visit.desk.store
    return visit.page(
        "guideline.html",
        guideline=visit.guideline,
        proposals=guidelines.proposals(store),
        history=guidelines.history(store),
        said="Your proposal is kept." if "proposed" in visit.request.query_params else "",
    )


async def edit(visit: Visit) -> "Response":
    wanted = cleaned(visit.request.query_params.get("label", ""))
    meant = visit.request.query_params.get("definition", "")
    rows = _rows(visit.guideline)
    blank = [("", "", "", "")] * BLANK
    if wanted:
        blank[0] = (wanted, meant, "", "")
    return visit.page(
        "guideline_edit.html",
        guideline=visit.guideline,
        rows=[*rows, *blank],
        kinds=KINDS,
        problem="",
    )


async def check(visit: Visit) -> "Response":
    """Say what the change would do before it is done."""
    old, new = visit.guideline, _read(visit)
    guidelines.check_guideline(new)
    if new.version == old.version:
        return visit.go("/guideline")
    likely = guidelines.likely_affected(old, new)
    counts = {
        label: sum(
            one.value == label and one.kind == "person" and not one.skipped
            for one in visit.desk.store.standing_labels(old.version)
        )
        for label in old.labels
    }
    return visit.page(
        "guideline_check.html",
        old=old,
        new=new,
        likely=likely,
        gone=[label for label in old.labels if label not in new.labels],
        counts=counts,
        form={name: values for name, values in visit.form.items() if name != "based_on"},
    )


async def save(visit: Visit) -> "Response":
    store = visit.desk.store
    old = next((one for one in store.guidelines() if one.version == visit.field("based_on")), None)
    if old is None:
        raise Refused(400, "the guideline that was changed is not known: begin again")
    guidelines.change_guideline(
        store,
        old,
        _read(visit),
        visit.form.get("affected", []),
        author=visit.name,
        now=visit.now,
    )
    return visit.go("/guideline")


async def propose(visit: Visit) -> "Response":
    label = cleaned(visit.field("label"))
    if not label:
        return visit.go("/guideline")
    guidelines.propose(
        visit.desk.store,
        label,
        visit.field("definition")[:2_000],
        visit.name,
        visit.field("item"),
        visit.now,
    )
    return visit.go("/guideline?proposed=1")


async def decide(visit: Visit) -> "Response":
    place = int(visit.field("place")) if visit.field("place").isdigit() else -1
    found = next(
        (one for one in guidelines.proposals(visit.desk.store) if one.place == place), None
    )
    if found is None:
        return visit.go("/guideline")
    guidelines.decide(visit.desk.store, place, visit.field("state"))
    if visit.field("state") != "taken":
        return visit.go("/guideline")
    from urllib.parse import urlencode

    asked = urlencode({"label": found.label, "definition": found.definition})
    return visit.go(f"/guideline/edit?{asked}")


def _rows(guideline: Guideline) -> list[tuple[str, str, str, str]]:
    """Label, definition, role and examples (one a line) as the form shows them."""
    examples: dict[str, list[str]] = {}
    for text, label in guideline.examples:
        examples.setdefault(label, []).append(" ".join(text.split()))
    return [
        (
            label,
            guideline.definitions.get(label, ""),
            "failure"
            if label in guideline.failure
            else "set_aside"
            if label in guideline.set_aside
            else "",
            "\n".join(examples.get(label, [])),
        )
        for label in guideline.labels
    ]


def _read(visit: Visit) -> Guideline:
    """The guideline that the form spells; rows without a name are left out."""
    form = visit.form
    names = [cleaned(name) for name in form.get("label", [])]
    columns = [form.get(name, []) for name in ("definition", "role", "examples")]
    if any(len(column) != len(names) for column in columns):
        raise Refused(400, "the form came incomplete: begin again")
    rows = [row for row in zip(names, *columns, strict=True) if row[0]]
    return Guideline(
        labels=tuple(name for name, *_ in rows),
        failure=tuple(name for name, _, role, _ in rows if role == "failure"),
        set_aside=tuple(name for name, _, role, _ in rows if role == "set_aside"),
        definitions={name: text.strip() for name, text, _, _ in rows if text.strip()},
        examples=tuple(
            (line.strip(), name)
            for name, _, _, lines in rows
            for line in lines.splitlines()
            if line.strip()
        ),
        kind=KINDS.get(visit.field("kind"), "nominal"),
        text=visit.field("text").replace("\r\n", "\n").strip(),
    )
