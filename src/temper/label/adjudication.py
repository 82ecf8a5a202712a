"""The last word on an item that annotators see differently."""

from temper.label.next_item import content
from temper.label.tables import LabelStore
from temper.records import Guideline, Label


def adjudicator(name: str) -> str:
    """Under which name a person's adjudications are kept, apart from their own labels."""
    return f"{name} (adjudication)"


def adjudicate(
    store: LabelStore, guideline: Guideline, name: str, item_id: str, value: str, note: str
) -> bool:
    """Keep a decision; every label stays as it was given. False where the label is none."""
    if value not in guideline.labels:
        return False
    with store.transaction():
        text, _, _ = content(store, item_id)
        store.append_label(
            Label(
                item_id=item_id,
                text=text,
                value=value,
                annotator=adjudicator(name),
                kind="adjudicator",
                guideline=guideline.version,
                note=note,
            )
        )
        store.change(
            "DELETE FROM relabels WHERE item_id = ? AND annotator = ?", item_id, adjudicator(name)
        )
    return True
