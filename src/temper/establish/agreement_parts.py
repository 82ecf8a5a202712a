"""Where annotators disagree: by label, by pair, by item."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from typing import NamedTuple

from temper.errors import MeasureError
from temper.establish.agreement import agreement_of
from temper.records import Guideline, Label
from temper.stats.agreement import Agreement


class Pair(NamedTuple):
    """Two annotators, the items that both labelled, and how far they agree."""

    one: str
    other: str
    items: int
    same: int
    agreement: Agreement | None
    """None where it cannot be computed: no item in common, or one label only."""


class Disagreement(NamedTuple):
    """An item with unlike labels."""

    item_id: str
    text: str
    labels: tuple[Label, ...]
    settled: str | None
    """As it was adjudicated; None where it was not."""


def agreement_by_label(
    labels: Sequence[Label], guideline: Guideline
) -> dict[str, Agreement | None]:
    """Alpha of each label against all others, nominal."""
    return {
        value: _alpha([_folded(label, value) for label in labels], FOLDED)
        for value in guideline.labels
    }


def agreement_by_pair(labels: Sequence[Label], guideline: Guideline) -> list[Pair]:
    """Every two annotators with an item in common."""
    own: dict[str, dict[str, str]] = {}
    for label in labels:
        if not label.skipped and label.kind != "adjudicator":
            own.setdefault(label.annotator, {})[label.item_id] = label.value
    found: list[Pair] = []
    for one, other in combinations(sorted(own), 2):
        common = own[one].keys() & own[other].keys()
        if common:
            same = sum(own[one][item] == own[other][item] for item in common)
            both = [label for label in labels if label.annotator in (one, other)]
            found.append(Pair(one, other, len(common), same, _alpha(both, guideline)))
    return found


def disagreements(labels: Sequence[Label]) -> list[Disagreement]:
    """Items with two unlike labels or more, in order of their first label."""
    items: dict[str, list[Label]] = {}
    settled: dict[str, str] = {}
    for label in labels:
        if label.kind == "adjudicator":
            settled[label.item_id] = label.value
        elif not label.skipped:
            items.setdefault(label.item_id, []).append(label)
    return [
        Disagreement(item, own[0].text, tuple(own), settled.get(item))
        for item, own in items.items()
        if len({label.value for label in own}) > 1
    ]


FOLDED = Guideline(labels=("this", "other"), failure=("this",), kind="binary")


def _folded(label: Label, value: str) -> Label:
    if label.skipped:
        return label
    return replace(label, value="this" if label.value == value else "other")


def _alpha(labels: Sequence[Label], guideline: Guideline) -> Agreement | None:
    try:
        return agreement_of(labels, guideline)
    except MeasureError:
        return None
