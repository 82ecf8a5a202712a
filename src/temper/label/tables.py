"""The run's database as the labelling page uses it: short transactions beside a running stage."""

from collections.abc import Sequence
from typing import Any

from temper.records import Label
from temper.store import Store
from temper.store.database import flat, pack


class LabelStore(Store):
    """A Store that also asks and changes the tables of the labelling page.

    `change` alone is a transaction of its own; several belong together within `transaction`.
    """

    def find(self, query: str, *values: Any) -> list[dict[str, Any]]:
        return self.rows(query, [pack(value) for value in values])

    def value(self, query: str, *values: Any) -> Any:
        """The first column of the first row, or None where there is no row."""
        for row in self.find(query, *values):
            return next(iter(row.values()))
        return None

    def change(self, query: str, *values: Any) -> int:
        """How many rows were changed."""
        with self.translated():
            return self.db.execute(query, [pack(value) for value in values]).rowcount

    def change_many(self, query: str, rows: Sequence[Sequence[Any]]) -> None:
        with self.translated():
            self.db.executemany(query, [[pack(value) for value in row] for row in rows])

    def append_label(self, label: Label) -> None:
        """Keep one label behind its annotator's earlier ones of the item; within a transaction."""
        row = flat(label)
        row["place"] = 1 + int(
            self.value(
                "SELECT coalesce(max(place), -1) FROM labels"
                " WHERE item_id = ? AND annotator = ? AND guideline = ?",
                label.item_id,
                label.annotator,
                label.guideline,
            )
        )
        del row["order"]
        self.insert("labels", [row])

    def scrub(self) -> None:
        """Rewrite the file, so that what was deleted is nowhere in it any more."""
        with self.translated():
            self.db.execute("VACUUM")
            self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
