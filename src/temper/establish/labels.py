"""Labels from rows of a published data set, and the items that annotators are given."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from temper.errors import ArtifactError
from temper.records import Guideline, Label, imported_item_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A text to be labelled."""

    id: str
    text: str
    weight: float = 1.0
    """Inverse of the probability with which it was drawn, up to a factor."""

    @classmethod
    def of(cls, text: str) -> "Item":
        return cls(id=imported_item_id(text), text=text)


class Given(NamedTuple):
    """One row of a data set: the text, its label as it stands there, and who gave it."""

    text: str
    value: str
    annotator: str


def import_labels(
    rows: Iterable[Given], guideline: Guideline, renamed: Mapping[str, str]
) -> list[Label]:
    """Labels of a data set under the guideline's names.

    Args:
        rows: in the data set's order; of one annotator's labels of a text the last counts.
        guideline: whose labels are meant.
        renamed: the data set's value to the guideline's label; others are compared without regard
            to case.

    Raises:
        ArtifactError: a value is no label, a name that is meant is none, or there are no rows.
    """
    for value, label in renamed.items():
        if label not in guideline.labels:
            raise ArtifactError(
                f"{value!r} is said to mean {label!r}, which the guideline does not have:"
                f" it has {', '.join(guideline.labels)}"
            )
    known = {label.casefold(): label for label in guideline.labels}
    found: dict[tuple[str, str], Label] = {}
    strange: Counter[str] = Counter()
    for row in rows:
        value = renamed.get(row.value, known.get(row.value.casefold()))
        if value is None:
            strange[row.value] += 1
            continue
        if not row.text.strip():
            continue
        label = Label(
            item_id=imported_item_id(row.text),
            text=row.text,
            value=value,
            annotator=row.annotator,
            kind="import",
            guideline=guideline.version,
        )
        found[label.item_id, row.annotator] = label
    if strange:
        some = ", ".join(f"{value!r} ({count})" for value, count in strange.most_common(3))
        raise ArtifactError(
            f"unknown label {some}: the guideline has {', '.join(guideline.labels)};"
            " map it with --map VALUE=LABEL"
        )
    if not found:
        raise ArtifactError("no labelled text found: the table has no rows with a text")
    return list(found.values())


def items_of(labels: Sequence[Label]) -> list[Item]:
    """Each labelled text once, in order of first label."""
    return list(
        {label.item_id: Item(id=label.item_id, text=label.text) for label in labels}.values()
    )
