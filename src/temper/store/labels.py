"""What was shown to annotators and decided by whom; labels are never thrown away."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from temper.records import Guideline, Label, Sample
from temper.store.database import Database, flat


class Labels(Database):
    """Samples, the versions of the guideline, and labels."""

    def add_samples(self, samples: Iterable[Sample]) -> None:
        with self.transaction():
            self.insert("samples", [flat(item) for item in samples], "OR REPLACE")

    def samples(self, *, chosen: bool = False) -> list[Sample]:
        """The explored texts in the order in which they were drawn, or the diverse subset only."""
        only = "WHERE chosen" if chosen else ""
        rows = self.rows(f"SELECT * FROM samples {only} ORDER BY rowid")
        return [_sample(row) for row in rows]

    def add_guideline(self, guideline: Guideline) -> None:
        content = json.dumps(guideline.to_json(), sort_keys=True)
        with self.transaction():
            self.insert(
                "guidelines", [{"version": guideline.version, "content": content}], "OR IGNORE"
            )

    def guidelines(self) -> list[Guideline]:
        """Every version, the newest last."""
        rows = self.rows("SELECT content FROM guidelines ORDER BY rowid")
        return [Guideline.from_json(json.loads(row["content"])) for row in rows]

    def add_labels(self, labels: Iterable[Label]) -> int:
        """Keep labels, each behind its annotator's earlier ones of the item.

        Returns:
            How many are new; what an annotator says once more in the same words is none.
        """
        with self.transaction():
            known = {_label_key(label): label for label in self.labels()}
            rows: list[dict[str, Any]] = []
            for label in labels:
                before = known.get(_label_key(label))
                if before and (before.value, before.note) == (label.value, label.note):
                    continue
                label = replace(label, order=before.order + 1 if before else 0)
                known[_label_key(label)] = label
                row = flat(label)
                row["place"] = row.pop("order")
                rows.append(row)
            self.insert("labels", rows)
        return len(rows)

    def labels(self, guideline: str | None = None) -> list[Label]:
        """The label that counts of every item, annotator and guideline, in order of arrival."""
        rows = self.rows(
            "SELECT *, max(place) FROM labels WHERE guideline = ? OR ? IS NULL"
            " GROUP BY item_id, annotator, guideline ORDER BY rowid",
            (guideline, guideline),
        )
        return [_label(row) for row in rows]

    def following(self, guideline: Guideline) -> Guideline:
        """What a guideline became by the changes made to it since: itself if there were none."""
        version = guideline.version
        for change in self.rows("SELECT * FROM guideline_changes ORDER BY place"):
            if change["previous"] == version:
                version = change["version"]
        known = {one.version: one for one in self.guidelines()}
        return known.get(version, guideline)

    def lineage(self, version: str) -> list[str]:
        """A guideline's version and those that it came from by changes, the newest first."""
        versions = [version]
        for change in self.rows("SELECT * FROM guideline_changes ORDER BY place DESC"):
            if change["version"] == versions[-1] and change["previous"] not in versions:
                versions.append(change["previous"])
        return versions

    def standing_labels(self, version: str) -> list[Label]:
        """The labels that count under a guideline, in order of arrival.

        A label given under a version that the guideline came from stands, unless a change since
        asks its annotator to look again, or the annotator gave the item another label since.
        """
        versions = self.lineage(version)
        marks = ",".join("?" * len(versions))
        rows = self.rows(
            f"SELECT *, max(rowid) FROM labels WHERE guideline IN ({marks})"
            " AND NOT EXISTS (SELECT 1 FROM relabels WHERE relabels.item_id = labels.item_id"
            " AND relabels.annotator = labels.annotator)"
            " GROUP BY item_id, annotator ORDER BY rowid",
            versions,
        )
        return [_label(row) for row in rows]


def _sample(row: Mapping[str, Any]) -> Sample:
    fields: dict[str, Any] = {name: row[name] for name in Sample.__slots__}
    fields["chosen"] = bool(row["chosen"])
    return Sample(**fields)


def _label_key(label: Label) -> tuple[str, str, str]:
    return label.item_id, label.annotator, label.guideline


def _label(row: dict[str, Any]) -> Label:
    names = [name for name in Label.__slots__ if name != "order"]
    given = {name: row[name] for name in names}
    given["skipped"] = bool(given["skipped"])
    if given["reference_seen"] is not None:
        given["reference_seen"] = bool(given["reference_seen"])
    return Label(**given, order=row["place"])
