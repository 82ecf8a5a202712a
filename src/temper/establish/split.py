"""Three parts of the labelled items: audit and calibration drawn at random, the rest to train on.

Near-duplicates stay together, so that neither the audit nor a fold tests what was learned by heart.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from temper.errors import MeasureError
from temper.establish.labels import Item

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """Items with one label each, as columns."""

    ids: tuple[str, ...]
    texts: tuple[str, ...]
    classes_N: Ints
    """Place of the label among the trained ones."""
    weights_N: NDArray[np.float64]
    groups_N: Ints
    """Near-duplicate clusters."""
    doubt_N: NDArray[np.float64]
    """P(the label is wrong); 0 where nothing is assumed of wrong labels."""

    def __len__(self) -> int:
        return len(self.ids)

    def part(self, keep_N: NDArray[np.bool_] | Ints) -> "Labelled":
        places = np.arange(len(self))[keep_N]
        return Labelled(
            ids=tuple(self.ids[place] for place in places),
            texts=tuple(self.texts[place] for place in places),
            classes_N=self.classes_N[places],
            weights_N=self.weights_N[places],
            groups_N=self.groups_N[places],
            doubt_N=self.doubt_N[places],
        )


class Parts(NamedTuple):
    training: Labelled
    calibration: Labelled
    audit: Labelled


def as_columns(
    items: Sequence[Item],
    values: Sequence[str],
    labels: Sequence[str],
    groups_N: Ints,
    doubts: Mapping[str, float] | None = None,
) -> Labelled:
    doubts = doubts or {}
    places = {label: place for place, label in enumerate(labels)}
    return Labelled(
        ids=tuple(item.id for item in items),
        texts=tuple(item.text for item in items),
        classes_N=np.array([places[value] for value in values], dtype=np.int64),
        weights_N=np.array([item.weight for item in items], dtype=np.float64),
        groups_N=groups_N,
        doubt_N=np.array([doubts.get(item.id, 0.0) for item in items]),
    )


def split_items(labelled: Labelled, *, audit: float, calibration: float, seed: int) -> Parts:
    """Draw the audit slice and the calibration split; what is left is for training.

    Each near-duplicate cluster goes where a number drawn from the seed and its first text sends
    it, so that more labels later leave the earlier items where they were. Items of weight 0 (drawn
    where text was wanted, not as the target speaks) say nothing about natural shares: they are only
    trained on.

    Args:
        labelled: all items.
        audit: share of the items, in expectation.
        calibration: likewise.
        seed: of the run.
    """
    first: dict[int, str] = {}
    for group, text in zip(labelled.groups_N.tolist(), labelled.texts, strict=True):
        first[group] = min(text, first.get(group, text))
    turn = {group: random.Random(f"{seed}/split/{text}").random() for group, text in first.items()}
    natural = set(labelled.groups_N[labelled.weights_N > 0].tolist())
    turn_N = np.array(
        [turn[group] if group in natural else 1.0 for group in labelled.groups_N.tolist()]
    )
    weighed_N = labelled.weights_N > 0
    return Parts(
        training=labelled.part(turn_N >= audit + calibration),
        calibration=labelled.part(weighed_N & (turn_N >= audit) & (turn_N < audit + calibration)),
        audit=labelled.part(weighed_N & (turn_N < audit)),
    )


def check_classes(training: Labelled, labels: Sequence[str], folds: int) -> None:
    """Whether every label can be learned and left out in turn.

    Raises:
        MeasureError: one class only, a label without items, or fewer clusters of it than folds.
    """
    for place, label in enumerate(labels):
        mine_N = training.classes_N == place
        clusters = len(set(training.groups_N[mine_N].tolist()))
        if not mine_N.any():
            seen = [str(labels[int(other)]) for other in sorted(set(training.classes_N.tolist()))]
            raise MeasureError(
                f"no training item is labelled {label!r} (only {', '.join(seen) or 'none'}):"
                " label more items, or take the label out of the concern"
            )
        if clusters < folds:
            raise MeasureError(
                f"{label!r} has {clusters} distinct items to train on, fewer than {folds} folds:"
                " label more items, or lower establish.members"
            )


def folds_of(labelled: Labelled, folds: int, seed: int) -> list[Ints]:
    """Places of each fold: whole clusters, every class spread as evenly as they allow."""
    from sklearn.model_selection import StratifiedGroupKFold

    splitter = StratifiedGroupKFold(folds, shuffle=True, random_state=seed)
    parts = splitter.split(np.zeros(len(labelled)), labelled.classes_N, labelled.groups_N)
    return [np.asarray(left_out, dtype=np.int64) for _, left_out in parts]
