"""What to label next: texts that the measure is unsure of, from different clusters."""

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray


def label_next(
    probability_N: NDArray[np.float64],
    label_N: NDArray[np.int64],
    labelled: Collection[int],
    count: int,
    *,
    seed: int = 0,
) -> list[int]:
    """The texts whose labels promise to teach a measure most.

    Clusters take turns, the one with fewest labels (given or asked for here) first; each gives its
    most uncertain text, by the entropy of P(failure). Uncertainty alone would ask about one corner
    of the text again and again, clusters alone about what is known.

    Args:
        probability_N: P(failure) of each text in [0, 1]; NaN where the measure could not tell,
            which counts as most uncertain. Before there is a measure, give .5 for all.
        label_N: the cluster of each text, from 0.
        labelled: rows that have a label already; never returned.
        count: rows to return; fewer where there are no more.
        seed: decides among equals.

    Returns:
        Rows, in the order in which to ask.
    """
    rng = np.random.default_rng(seed)
    known = np.zeros(len(label_N), dtype=bool)
    known[list(labelled)] = True
    unsure_N = entropy(probability_N)
    order = np.lexsort((rng.random(len(label_N)), -unsure_N))
    waiting: dict[int, list[int]] = {}
    for row in order[::-1]:  # so that pop() takes the most uncertain
        if not known[row]:
            waiting.setdefault(int(label_N[row]), []).append(int(row))
    asked = dict.fromkeys(waiting, 0)
    for row in np.flatnonzero(known):
        if int(label_N[row]) in asked:
            asked[int(label_N[row])] += 1
    chosen: list[int] = []
    while waiting and len(chosen) < count:
        cluster = min(waiting, key=lambda one: (asked[one], -unsure_N[waiting[one][-1]]))
        chosen.append(waiting[cluster].pop())
        asked[cluster] += 1
        if not waiting[cluster]:
            del waiting[cluster]
    return chosen


def entropy(probability_N: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of a yes or no, in nats: 0 where certain, log 2 at .5 and where there is no probability."""
    p = np.clip(np.where(np.isnan(probability_N), 0.5, probability_N), 1e-12, 1 - 1e-12)
    return -(p * np.log(p) + (1 - p) * np.log(1 - p))
