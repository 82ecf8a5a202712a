"""Which labels stand after changes of the guideline, and how many people each item has had."""

import json

from temper.label.tables import LabelStore
from temper.records import Guideline


def affected_since(store: LabelStore, version: str) -> set[str]:
    """Labels that changes made since this version ask to look at again."""
    found: set[str] = set()
    for change in store.find("SELECT * FROM guideline_changes ORDER BY place"):
        if change["previous"] == version:
            version = change["version"]
            found |= set(json.loads(change["affected"]))
    return found


def count_taken(store: LabelStore, guideline: Guideline, item_id: str | None = None) -> None:
    """Bring up to date how many people's labels an item has; of all items where none is named."""
    versions = store.lineage(guideline.version)
    marks = ",".join("?" * len(versions))
    only = "" if item_id is None else "WHERE item_id = ?"
    store.change(
        "UPDATE queues SET taken = (SELECT count(*) FROM (SELECT annotator, skipped, max(rowid)"
        " FROM labels WHERE labels.item_id = queues.item_id AND kind = 'person'"
        f" AND guideline IN ({marks}) AND NOT EXISTS (SELECT 1 FROM relabels"
        " WHERE relabels.item_id = labels.item_id AND relabels.annotator = labels.annotator)"
        f" GROUP BY annotator) WHERE NOT skipped) {only}",
        *versions,
        *([] if item_id is None else [item_id]),
    )
