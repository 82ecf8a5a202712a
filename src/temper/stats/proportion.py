"""Score intervals of independent and of clustered hits: the other intervals rest on them."""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
LEVEL = 0.95
TINY = 1e-12
NORMAL = 1.959964
"""Standard normal quantile of a two-sided interval at LEVEL."""


class Interval(NamedTuple):
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    value: float
    interval: Interval


def score_bounds(
    rate: Floats | float, n: Floats | float, critical: Floats | float = NORMAL
) -> tuple[Floats, Floats]:
    """Both ends of the score interval of a proportion, elementwise.

    Args:
        rate: in [0, 1].
        n: >= 0, may be an effective, fractional sample size; 0 gives [0, 1].
        critical: quantile that goes with the level.

    Source:
        Wilson 1927, Probable inference, the law of succession, and statistical inference.
    """
    middle = n * rate + critical**2 / 2
    spread = critical * np.sqrt(np.maximum(n * rate * (1 - rate), 0) + critical**2 / 4)
    scale = n + critical**2
    low, high = (middle - spread) / scale, (middle + spread) / scale
    return np.maximum(np.asarray(low), 0.0), np.minimum(np.asarray(high), 1.0)


def wilson(hits: float, n: float, critical: float = NORMAL) -> Interval:
    """Score interval of a proportion; `n` may be an effective, fractional sample size."""
    low, high = score_bounds(hits / n if n > 0 else 0.0, max(n, 0.0), critical)
    return Interval(float(low), float(high))


def highest_rate_without_hit(n: int) -> float:
    """Exact one-sided 95 % bound of a rate after `n` independent trials without a hit; 1 at 0."""
    return 1.0 if n == 0 else 1 - (1 - LEVEL) ** (1 / n)


def cluster_codes(labels_N: Sequence[Hashable]) -> NDArray[np.int64]:
    """Labels as numbers from 0; labels that print alike are the same cluster."""
    return np.unique([str(label) for label in labels_N], return_inverse=True)[1].astype(np.int64)


def clustered_proportion(
    hits_N: Sequence[bool], *clusters: Sequence[Hashable]
) -> tuple[float, Interval, int]:
    """A proportion whose observations share clusters, with an interval that knows it.

    A score interval at the effective sample size: n over the design effect. With two kinds (attacks
    crossed with problems) the variance is the sum of both one-way variances less the cells', and
    never below the larger of the two. The t quantile has Satterthwaite's degrees of freedom, from
    the kurtosis of the clusters' sums, at most those of the scarcer kind, and the variance is
    raised by a quarter of its standard error: near 0 or 1 few clusters hold all that varies, and a
    rate seen too near the end comes with a variance seen too small. Where nothing varies (all hits,
    or none) the design effect cannot be seen, so each of the scarcer clusters counts as one
    observation.

    Args:
        hits_N: one observation each.
        clusters: for each kind of cluster, the label of every observation.

    Returns:
        The proportion, its 95 % interval, and the number of clusters of the scarcer kind.
    """
    from scipy import stats

    values_N = np.asarray(hits_N, dtype=np.float64)
    n, p = len(values_N), float(np.mean(values_N))
    codes = [cluster_codes(labels) for labels in clusters]
    counts = [int(code.max()) + 1 for code in codes]
    fewest = min(counts, default=n)
    if fewest < 2:
        return p, Interval(0.0, 1.0), fewest
    simple = p * (1 - p) / n
    if simple == 0:
        critical = float(stats.t.ppf(0.5 + LEVEL / 2, fewest - 1))
        return p, wilson(p * fewest, fewest, critical), fewest
    shared = [_Shared.of(values_N - p, code) for code in codes if int(code.max()) + 1 < n]
    if not shared:
        return p, wilson(p * n, n), fewest
    one_way = [part.variance for part in shared]
    most = max([*one_way, simple])
    freedom = min([*(part.freedom for part in shared), fewest - 1])
    variance = max(sum(one_way) - simple * (len(one_way) - 1), most)
    variance += most * math.sqrt(2 / freedom) / 4
    effective = n * simple / variance
    critical = float(stats.t.ppf(0.5 + LEVEL / 2, freedom))
    return p, wilson(p * effective, effective, critical), fewest


class _Shared(NamedTuple):
    """What one kind of cluster says of a proportion's error."""

    variance: float
    freedom: float
    """Degrees of freedom of the variance."""

    @classmethod
    def of(cls, residuals_N: Floats, code_N: NDArray[np.int64]) -> "_Shared":
        squares_K = np.bincount(code_N, weights=residuals_N) ** 2
        count, total = len(squares_K), float(squares_K.sum())
        kurtosis = count * float((squares_K**2).sum()) / max(total, TINY) ** 2
        freedom = 2 * count / max(kurtosis - 1, TINY)
        variance = total / len(residuals_N) ** 2 * count / (count - 1)
        return cls(variance, min(max(freedom, 1.0), count - 1))


def hit_at_k(hits_AP: Bools, k: int) -> tuple[float, Interval] | None:
    """Chance that at least one of k attacks, drawn without return, hits a problem.

    Args:
        hits_AP: attacks by problems.
        k: at most the number of attacks, else None comes back.

    Returns:
        Mean over problems of 1 - C(A - h, k) / C(A, k), and a score interval over problems.
    """
    attacks, problems = hits_AP.shape
    if attacks < k or problems < 2:
        return None
    misses = attacks - hits_AP.sum(axis=0)
    chance_P = np.array([1 - math.comb(int(miss), k) / math.comb(attacks, k) for miss in misses])
    mean = float(chance_P.mean())
    # chances in [0, 1] vary no more than hits of the same mean would, so this errs on the wide side
    return mean, wilson(mean * problems, problems)
