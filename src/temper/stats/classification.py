"""How well probabilities tell classes apart, and whether they mean what they say."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from temper.stats.proportion import LEVEL, Bools, Estimate, Floats, Interval, wilson

Ints = NDArray[np.int64]
BINS = 15


class Bin(NamedTuple):
    """One group of texts of similar probability in a reliability diagram."""

    said: float
    """Weighted mean probability."""
    seen: float
    """Weighted share of failures."""
    n: int
    weight: float
    interval: Interval


def recalls(said_N: Ints, true_N: Ints, classes: int) -> Floats:
    """Share of each class that was called by its name; NaN for a class that does not occur."""
    hits_K = np.bincount(true_N[said_N == true_N], minlength=classes)
    counts_K = np.bincount(true_N, minlength=classes)
    return np.where(counts_K > 0, hits_K / np.maximum(counts_K, 1), np.nan)


def auroc(scores_N: Floats, failures_N: Bools, weights_N: Floats | None = None) -> float | None:
    """Chance that a failure scores above another text, ties half; None if one kind is missing."""
    weights_N = np.ones(len(scores_N)) if weights_N is None else weights_N
    _, place_N = np.unique(scores_N, return_inverse=True)
    failing = np.bincount(place_N, weights_N * failures_N)
    other = np.bincount(place_N, weights_N * ~failures_N)
    pairs = failing.sum() * other.sum()
    if pairs == 0:
        return None
    return float((failing * (np.cumsum(other) - other / 2)).sum() / pairs)


def brier(probability_N: Floats, failures_N: Bools, weights_N: Floats) -> float:
    """Weighted mean squared error of P(failure), in [0, 1]."""
    return float(np.average((probability_N - failures_N) ** 2, weights=weights_N))


def reliability(
    probability_N: Floats, failures_N: Bools, weights_N: Floats, bins: int = BINS
) -> list[Bin]:
    """Bins of equal weight, from the lowest probability up; fewer where items are fewer."""
    place_N = _equal_mass(probability_N, weights_N, bins)
    found: list[Bin] = []
    for place in np.unique(place_N):
        mine = place_N == place
        weight_B = weights_N[mine]
        seen = float(np.average(failures_N[mine], weights=weight_B))
        worth = effective_count(weight_B)
        found.append(
            Bin(
                said=float(np.average(probability_N[mine], weights=weight_B)),
                seen=seen,
                n=int(mine.sum()),
                weight=float(weight_B.sum()),
                interval=wilson(seen * worth, worth),
            )
        )
    return found


def expected_calibration_error(
    probability_N: Floats, failures_N: Bools, weights_N: Floats, bins: int = BINS
) -> float:
    """Weighted mean over equal-mass bins of the distance between said and seen, in [0, 1].

    Never 0 on a sample, even for perfect probabilities: with few items chance alone gives several
    hundredths.
    """
    place_N = _equal_mass(probability_N, weights_N, bins)
    distance_B = np.bincount(place_N, weights_N * (probability_N - failures_N))
    return float(np.abs(distance_B).sum() / weights_N.sum())


def _equal_mass(probability_N: Floats, weights_N: Floats, bins: int) -> Ints:
    """The bin of each item; every bin has about the same weight."""
    order = np.argsort(probability_N, kind="stable")
    middle_N = np.cumsum(weights_N[order]) - weights_N[order] / 2
    place_N = np.empty(len(order), np.int64)
    place_N[order] = np.minimum((middle_N / weights_N.sum() * bins).astype(int), bins - 1)
    return place_N


def effective_count(weights_N: Floats) -> float:
    """Equally weighted items that would be as certain (Kish)."""
    return float(weights_N.sum() ** 2 / (weights_N**2).sum()) if len(weights_N) else 0.0


def weighted_share(hits_N: Bools, weights_N: Floats) -> Estimate | None:
    """A share with a score interval at the effective count; None without items of any weight."""
    if not weights_N.any():
        return None
    share = float(np.average(hits_N, weights=weights_N))
    worth = effective_count(weights_N)
    return Estimate(value=share, interval=wilson(share * worth, worth))


def bootstrap_interval(
    statistic: Callable[[Ints], float | None],
    groups_N: Ints,
    *,
    seed: int,
    resamples: int = 400,
) -> Interval | None:
    """Percentiles over resampled clusters.

    Args:
        statistic: of the places drawn, with repetition; None where it is not defined there.
        groups_N: the cluster of each item.
        seed: of the resampling.
        resamples: how many.

    Returns:
        A 95 % interval; None where the statistic is defined on fewer than half of the draws.
    """
    rng = np.random.default_rng(seed)
    members = [np.nonzero(groups_N == group)[0] for group in np.unique(groups_N)]
    values: list[float] = []
    for _ in range(resamples):
        drawn = rng.integers(0, len(members), len(members))
        value = statistic(np.concatenate([members[place] for place in drawn]))
        if value is not None and np.isfinite(value):
            values.append(value)
    if len(values) < resamples / 2:
        return None
    low, high = np.quantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(float(low), float(high))


def macro(recall_K: Sequence[float] | Floats) -> float | None:
    """Mean over the classes that occur; None without any."""
    known = [value for value in recall_K if not np.isnan(value)]
    return sum(known) / len(known) if known else None
