"""Choose a few of many texts so that they show what there is."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from temper.explore.clusters import Floats

Ints = NDArray[np.int64]


class Subset(NamedTuple):
    rows: Ints
    """Texts chosen, in the order of the texts."""
    inclusion_N: NDArray[np.float64] | None
    """Probability with which each text was drawn; None where the method has none."""


def equal_draws(label_N: Ints, kept: int, rng: np.random.Generator) -> Subset:
    """As many texts from every cluster, at random; what a small cluster lacks the others give.

    Args:
        label_N: the cluster of each text, from 0.
        kept: texts to choose; all are chosen where there are no more.
        rng: draws within the clusters.

    Source:
        Casper et al. 2023, who draw 200 from each of 100 clusters, fewer from smaller ones.
    """
    sizes = np.bincount(label_N)
    quota = quotas(sizes.tolist(), kept)
    chosen = [
        rng.choice(np.flatnonzero(label_N == cluster), count, replace=False)
        for cluster, count in enumerate(quota)
        if count
    ]
    rows = np.sort(np.concatenate(chosen)) if chosen else np.zeros(0, np.int64)
    share_K = np.array(quota) / np.maximum(sizes, 1)
    return Subset(rows.astype(np.int64), share_K[label_N])


def quotas(sizes: Sequence[int], kept: int) -> list[int]:
    """Equal shares of `kept`, none above its cluster's size; the first clusters get left-overs."""
    quota = [0] * len(sizes)
    left = min(kept, sum(sizes))
    while left:
        roomy = [place for place, size in enumerate(sizes) if quota[place] < size]
        share = max(1, left // len(roomy))
        for place in roomy:
            take = min(share, sizes[place] - quota[place], left)
            quota[place] += take
            left -= take
    return quota


def farthest(directions_ND: Floats, kept: int, rng: np.random.Generator) -> Subset:
    """Start anywhere, then take again and again the text farthest from all taken.

    Costs texts x kept x features; its texts are no sample, so they have no inclusion probability.

    Source:
        Gonzalez 1985, Clustering to minimize the maximum intercluster distance.
    """
    first = int(rng.integers(len(directions_ND)))
    rows = [first]
    closest_N = directions_ND @ directions_ND[first]
    while len(rows) < min(kept, len(directions_ND)):
        closest_N[rows[-1]] = np.inf
        rows.append(int(closest_N.argmin()))
        closest_N = np.maximum(closest_N, directions_ND @ directions_ND[rows[-1]])
    return Subset(np.sort(np.array(rows, np.int64)), None)
