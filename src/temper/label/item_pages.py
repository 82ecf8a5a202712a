"""The page of one item: show it, keep what is said of it, take it back."""

from typing import TYPE_CHECKING

from temper.label import answers, gold, people
from temper.label.next_item import Served, content, next_item
from temper.label.overview import progress_of
from temper.label.references import as_reference
from temper.label.render import KEYS, SHOWN
from temper.label.visits import Desk, Visit, route

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.routing import Route

LONGEST_NOTE = 20_000


def routes(desk: Desk) -> "list[Route]":
    return [
        route(desk, "/", show),
        route(desk, "/label", label, "POST"),
        route(desk, "/undo", undo, "POST"),
        route(desk, "/draft", draft, "POST"),
        route(desk, "/reference", reference, "POST"),
        route(desk, "/text/{item}", whole_text),
    ]


async def show(visit: Visit) -> "Response":
    return _item(visit, "")


async def label(visit: Visit) -> "Response":
    store = visit.desk.store
    in_force = visit.guideline
    shown = {one.version: one for one in store.guidelines()}.get(visit.field("guideline"), in_force)
    skipped = "skip" in visit.form
    value = None if skipped else visit.field("value")
    note = visit.field("note")[:LONGEST_NOTE]
    if skipped and visit.field("skip"):
        note = f"{visit.field('skip')}: {note}" if note else visit.field("skip")
    kept = answers.keep_answer(
        store,
        visit.desk.settings,
        shown,
        in_force,
        annotator=visit.name,
        item_id=visit.field("item"),
        value=value,
        note=note,
        now=visit.now,
    )
    said = {
        "kept": "Skipped." if skipped else f"Stored: {value}.",
        "already": "You had answered that item already; undo takes the last answer back.",
        "unknown": "Nothing was stored: that item or label is not on your page any more.",
    }[kept]
    return _after(visit, said)


async def undo(visit: Visit) -> "Response":
    done = answers.take_back(
        visit.desk.store, visit.desk.settings, visit.guideline, visit.name, visit.now
    )
    return _after(visit, "Taken back: here it is again." if done else "There is nothing to undo.")


async def draft(visit: Visit) -> "Response":
    from starlette.responses import Response

    note = visit.field("note")[:LONGEST_NOTE]
    answers.keep_draft(visit.desk.store, visit.name, visit.field("item"), note)
    return Response(status_code=204)


async def reference(visit: Visit) -> "Response":
    item_id = visit.field("item")
    answers.see_reference(visit.desk.store, visit.name, item_id)
    if not visit.in_place:
        return visit.go("/")
    text, _, kept = content(visit.desk.store, item_id)
    return visit.page("_reference.html", reference=_reference(visit, text, kept))


async def whole_text(visit: Visit) -> "Response":
    from starlette.responses import PlainTextResponse

    text, _, _ = content(visit.desk.store, visit.request.path_params["item"])
    return PlainTextResponse(text.encode("utf-8", "surrogatepass").decode("utf-8", "replace"))


def _after(visit: Visit, said: str) -> "Response":
    """The next item at once where htmx asks; a browser without scripts is sent there."""
    return _item(visit, said) if visit.in_place else visit.go("/")


def _item(visit: Visit, said: str) -> "Response":
    store, settings = visit.desk.store, visit.desk.settings
    if not people.has_noted(store, visit.name):
        return visit.go("/welcome")
    passed = gold.has_passed(store, settings, visit.name)
    if not passed and gold.test_result(store, settings, visit.name) is not None:
        return visit.go("/test")
    served = next_item(store, settings, visit.name, visit.now, passed)
    template = "_item.html" if visit.in_place else "item.html"
    progress = progress_of(store, settings, visit.name)
    guideline = visit.guideline
    if served is None:
        return visit.page(
            template,
            served=None,
            said=said,
            progress=progress,
            guideline=guideline,
            then=settings.then,
        )
    return visit.page(
        template,
        served=served,
        said=said,
        progress=progress,
        guideline=guideline,
        keys=KEYS,
        longer=len(served.text) > SHOWN,
        earlier=_earlier(visit, served),
        entry=_entry(visit, served),
        has_reference=_reference(visit, served.text, served.reference) is not None,
        reference=_reference(visit, served.text, served.reference)
        if served.reference_seen
        else None,
    )


def _reference(visit: Visit, text: str, kept: str) -> object:
    lookup = visit.desk.settings.lookup
    known = kept or (lookup(text) if lookup else None)
    return as_reference(known) if known else None


def _earlier(visit: Visit, served: Served) -> str:
    """What this person had said of an item that they look at again."""
    if served.purpose != "again":
        return ""
    return (
        visit.desk.store.value(
            "SELECT value FROM relabels WHERE item_id = ? AND annotator = ?",
            served.item_id,
            visit.name,
        )
        or ""
    )


def _entry(visit: Visit, served: Served) -> tuple[int, int] | None:
    """Which item of the entry test this is, of how many."""
    if served.purpose != "entry":
        return None
    done = visit.desk.store.value(
        "SELECT count(*) FROM gold_answers WHERE annotator = ? AND purpose = 'entry'", visit.name
    )
    return int(done) + 1, visit.desk.settings.entry_test
