"""A label as a file has it, before the guideline was asked what it means."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from temper.errors import ArtifactError
from temper.records import AnnotatorKind, Guideline, Label, imported_item_id


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenLabel:
    """One annotator's word on one text."""

    text: str
    value: str
    annotator: str
    item_id: str = ""
    """Empty where the file was not written by temper."""
    kind: str = "import"
    seconds: float | None = None
    note: str = ""
    skipped: bool = False
    reference_seen: bool | None = None


def labels_of(
    given: Iterable[GivenLabel], guideline: Guideline, renamed: Mapping[str, str], path: Path
) -> list[Label]:
    """The labels under the guideline's names, compared without regard to case.

    Raises:
        ArtifactError: a value is none of them, or there is no label at all.
    """
    known = {label.casefold(): label for label in guideline.labels}
    strange: Counter[str] = Counter()
    found: list[Label] = []
    for one in given:
        value = renamed.get(one.value, known.get(one.value.casefold()))
        if one.skipped:
            value = ""
        if value is None:
            strange[one.value] += 1
            continue
        found.append(
            Label(
                item_id=one.item_id or imported_item_id(one.text),
                text=one.text,
                value=value,
                annotator=one.annotator,
                kind=next((kind for kind in get_args(AnnotatorKind) if kind == one.kind), "import"),
                guideline=guideline.version,
                seconds=one.seconds,
                note=one.note,
                skipped=one.skipped,
                reference_seen=one.reference_seen,
            )
        )
    if strange:
        some = ", ".join(f"{value!r} ({count})" for value, count in strange.most_common(3))
        raise ArtifactError(
            f"{path}: unknown label {some}: the guideline has {', '.join(guideline.labels)};"
            " map it with --map VALUE=LABEL"
        )
    if not found:
        raise ArtifactError(f"{path} holds no label")
    return found
