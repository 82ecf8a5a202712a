"""Several annotators: how far they agree, and one label out of many."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from temper.config import CombineRule
from temper.errors import MeasureError
from temper.records import Guideline, Label
from temper.stats.agreement import Agreement, dawid_skene, krippendorff_alpha


class Combined(NamedTuple):
    """One label an item, and the items that got none."""

    values: dict[str, str]
    """By item id."""
    undecided: int
    """Ties, and items that everybody skipped."""


def votes_of(labels: Sequence[Label]) -> dict[str, dict[str, str]]:
    """For each item, every annotator's label; skipped ones and adjudications are left out."""
    votes: dict[str, dict[str, str]] = {}
    for label in labels:
        if label.kind == "adjudicator":
            continue
        own = votes.setdefault(label.item_id, {})
        if not label.skipped:
            own[label.annotator] = label.value
    return votes


def agreement_of(labels: Sequence[Label], guideline: Guideline) -> Agreement:
    """Krippendorff's alpha over all annotators.

    Raises:
        MeasureError: one annotator only, no item with two labels, or one label only.
    """
    annotators = sorted(
        {one.annotator for one in labels if not one.skipped and one.kind != "adjudicator"}
    )
    if len(annotators) < 2:
        raise MeasureError(
            f"agreement needs two annotators, and all labels are by {annotators[0]!r}"
            if annotators
            else "there are no labels: run `temper label` or `temper label-with` first"
        )
    places = {label: place for place, label in enumerate(guideline.labels)}
    votes = votes_of(labels)
    counts_UK = np.zeros((len(votes), len(places)))
    for row, own in enumerate(votes.values()):
        for value in own.values():
            counts_UK[row, places[value]] += 1
    level = "ordinal" if guideline.kind == "ordinal" else "nominal"
    found = krippendorff_alpha(counts_UK, level)
    if found is None:
        raise MeasureError(
            f"no agreement can be computed for {', '.join(annotators)}: no item has two"
            " annotators' labels, or all have the same label"
        )
    return found


def combine_labels(
    labels: Sequence[Label], guideline: Guideline, rule: CombineRule, neutral: str | None
) -> Combined:
    """One label for each item that anybody labelled; what was adjudicated is as it was decided.

    Args:
        labels: of any annotators, under this guideline.
        guideline: whose labels they are.
        rule: "majority": the most frequent label, none in a tie; "paper": that of Casper et al.
            2023 (the neutral label gives way to any other, and two others that differ become it);
            "dawid-skene": the most probable true label.
        neutral: for the paper's rule.

    Raises:
        MeasureError: the paper's rule without a neutral label of the guideline.
    """
    votes = {item: own for item, own in votes_of(labels).items() if own}
    settled = {label.item_id: label.value for label in labels if label.kind == "adjudicator"}
    skipped = len({label.item_id for label in labels} - set(votes) - set(settled))
    if rule == "dawid-skene":
        values = _by_dawid_skene(votes, guideline)
    elif rule == "paper":
        if neutral not in guideline.labels:
            raise MeasureError(
                f"the paper's rule needs a neutral label (establish.neutral), one of"
                f" {', '.join(guideline.labels)}; got {neutral!r}"
            )
        values = {item: _by_paper(list(own.values()), neutral) for item, own in votes.items()}
    else:
        values = {item: _by_majority(list(own.values())) for item, own in votes.items()}
    final: dict[str, str | None] = {**values, **settled}
    decided = {item: value for item, value in final.items() if value is not None}
    return Combined(decided, skipped + len(final) - len(decided))


def _by_majority(given: Sequence[str]) -> str | None:
    (first, most), *others = Counter(given).most_common(2)
    return None if others and others[0][1] == most else first


def _by_paper(given: Sequence[str], neutral: str) -> str:
    others = {value for value in given if value != neutral}
    return others.pop() if len(others) == 1 else neutral


def _by_dawid_skene(
    votes: Mapping[str, Mapping[str, str]], guideline: Guideline
) -> dict[str, str | None]:
    places = {label: place for place, label in enumerate(guideline.labels)}
    annotators = sorted({annotator for own in votes.values() for annotator in own})
    given = [[places.get(own.get(who, "")) for who in annotators] for own in votes.values()]
    best_U = dawid_skene(given, len(places)).posterior_UK.argmax(axis=1)
    return {item: guideline.labels[int(best)] for item, best in zip(votes, best_U, strict=True)}
