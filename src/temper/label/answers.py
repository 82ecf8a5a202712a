"""What a person does with an item: label it, skip it, take that back. All is kept at once."""

from dataclasses import replace
from typing import Literal

from temper.label.next_item import content
from temper.label.settings import Settings
from temper.label.standing import affected_since, count_taken
from temper.label.tables import LabelStore
from temper.records import Guideline, Label

TAKEN_BACK = "(taken back)"
"""The note of a skip that undoes a label: the item is in front of its annotator again."""
Kept = Literal["kept", "already", "unknown"]


def keep_answer(
    store: LabelStore,
    settings: Settings,
    guideline: Guideline,
    in_force: Guideline,
    *,
    annotator: str,
    item_id: str,
    value: str | None,
    note: str,
    now: float,
) -> Kept:
    """Keep a label, or a skip where there is no value, before anything else is shown.

    Args:
        store: of the run.
        settings: of the server.
        guideline: the version that was on the page.
        in_force: the version that it has become since, mostly the same.
        annotator: who answers.
        item_id: what was on the page.
        value: one of the guideline's labels; None: skipped.
        note: what was typed; of a skip perhaps the reason.
        now: seconds since 1970.

    Returns:
        "already" where this person had answered the item (a key pressed twice), "unknown" where it
        was never shown to them or the label is none: nothing is kept then.
    """
    with store.transaction():
        rows = store.find(
            "SELECT * FROM served WHERE item_id = ? AND annotator = ?", item_id, annotator
        )
        if not rows or (value is not None and value not in guideline.labels):
            return "unknown"
        served = rows[0]
        if served["done"] is not None:
            return "already"
        seconds = round(now - served["since"], 2)
        # whoever left the page open over lunch was not reading for an hour
        timed = seconds if 0 <= seconds <= settings.lease else None
        store.change(
            "UPDATE served SET done = ?, seconds = ?, draft = '' WHERE item_id = ?"
            " AND annotator = ?",
            now,
            timed,
            item_id,
            annotator,
        )
        if served["purpose"] in ("gold", "entry"):
            _keep_gold_answer(store, annotator, item_id, value, served["purpose"], now)
            return "kept"
        text, _, _ = content(store, item_id)
        store.append_label(
            Label(
                item_id=item_id,
                text=text,
                value=value or "",
                annotator=annotator,
                kind="person",
                guideline=guideline.version,
                seconds=timed,
                note=note,
                skipped=value is None,
                reference_seen=bool(served["reference_seen"]),
            )
        )
        store.change("DELETE FROM relabels WHERE item_id = ? AND annotator = ?", item_id, annotator)
        changed = guideline.version != in_force.version  # while the item was on the page
        if changed and value in affected_since(store, guideline.version):
            store.change("INSERT INTO relabels VALUES (?, ?, ?)", item_id, annotator, value)
        count_taken(store, in_force, item_id)
    return "kept"


def _keep_gold_answer(
    store: LabelStore, annotator: str, item_id: str, value: str | None, purpose: str, now: float
) -> None:
    """The answer to a known item is no label."""
    store.change(
        "INSERT INTO gold_answers (annotator, item_id, value, purpose, at) VALUES (?, ?, ?, ?, ?)",
        annotator,
        item_id,
        value or "",
        purpose,
        now,
    )


def take_back(
    store: LabelStore, settings: Settings, guideline: Guideline, annotator: str, now: float
) -> bool:
    """Undo this person's last answer: the item is in front of them again, the label counts no more.

    What was labelled stays in the table, behind a skip that says so.
    """
    with store.transaction():
        rows = store.find(
            "SELECT * FROM served WHERE annotator = ? AND done IS NOT NULL"
            " ORDER BY done DESC, rowid DESC LIMIT 1",
            annotator,
        )
        if not rows:
            return False
        item_id, purpose = rows[0]["item_id"], rows[0]["purpose"]
        store.change(
            "UPDATE served SET done = NULL, seconds = NULL, since = ? WHERE item_id = ?"
            " AND annotator = ?",
            now,
            item_id,
            annotator,
        )
        if purpose in ("gold", "entry"):
            store.change(
                "DELETE FROM gold_answers WHERE place = (SELECT max(place) FROM gold_answers"
                " WHERE annotator = ? AND item_id = ?)",
                annotator,
                item_id,
            )
            return True
        last = last_label(store, guideline, item_id, annotator)
        if last is not None:
            retraction = replace(last, value="", skipped=True, note=TAKEN_BACK, seconds=None)
            store.append_label(replace(retraction, guideline=guideline.version))
            store.change(
                "UPDATE served SET draft = ? WHERE item_id = ? AND annotator = ?",
                last.note,
                item_id,
                annotator,
            )
        count_taken(store, guideline, item_id)
    return True


def last_label(
    store: LabelStore, guideline: Guideline, item_id: str, annotator: str
) -> Label | None:
    """This person's newest label of an item, of any version that the guideline came from."""
    versions = store.lineage(guideline.version)
    for row in store.find(
        f"SELECT * FROM labels WHERE item_id = ? AND annotator = ? AND guideline IN"
        f" ({','.join('?' * len(versions))}) ORDER BY rowid DESC LIMIT 1",
        item_id,
        annotator,
        *versions,
    ):
        return Label(
            item_id=item_id,
            text=row["text"],
            value=row["value"],
            annotator=annotator,
            kind="person",
            guideline=row["guideline"],
            seconds=row["seconds"],
            note=row["note"],
            skipped=bool(row["skipped"]),
            reference_seen=None if row["reference_seen"] is None else bool(row["reference_seen"]),
        )
    return None


def keep_draft(store: LabelStore, annotator: str, item_id: str, note: str) -> None:
    """Keep a note that is still being typed."""
    store.change(
        "UPDATE served SET draft = ? WHERE item_id = ? AND annotator = ? AND done IS NULL",
        note,
        item_id,
        annotator,
    )


def see_reference(store: LabelStore, annotator: str, item_id: str) -> None:
    """Keep that this person unfolds the reference, before they see it."""
    store.change(
        "UPDATE served SET reference_seen = 1 WHERE item_id = ? AND annotator = ?",
        item_id,
        annotator,
    )
