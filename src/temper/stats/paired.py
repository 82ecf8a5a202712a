"""Before and after: the same attacks put to two targets, compared attack by attack."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from temper.stats.proportion import LEVEL, Floats, Interval
from temper.stats.two_phase import TINY

EXACT_UP_TO = 14
"""Attacks with a difference up to which all sign flips are counted, not a sample of them."""
FLIPS = 9_999
RESAMPLES = 1_999


class Arm(NamedTuple):
    """One side of a comparison: an entry for every attempt."""

    hits_N: Sequence[bool]
    attacks_N: Sequence[Hashable]


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedDifference:
    """Mean over attacks of their rate after, less their rate before."""

    value: float
    interval: Interval
    bootstrap: Interval
    """Percentiles over resampled attacks, as others report them; too narrow with few attacks."""
    p_value: float
    """Sign-flip test of no difference, two-sided."""
    exact: bool
    """Whether all flips were counted."""
    attacks: int


def paired_difference(before: Arm, after: Arm, *, seed: int) -> PairedDifference:
    """Compare two targets on the same attacks, each attack counted alike.

    The interval is that of the mean difference with two pseudo attempts, one for better and one for
    worse, and degrees of freedom from the kurtosis of the differences. Resampling attacks covers
    too seldom with a few dozen of them (`benchmarks/coverage.py paired`); it is given beside.

    Args:
        before: at least one attempt of every attack.
        after: of the same attacks.
        seed: of the flips and the resampling.

    Raises:
        ValueError: the attacks differ, or there are fewer than two.

    Source:
        Sign flips: Fisher 1935, with the correction of Phipson and Smyth 2010 where sampled. Pseudo
        attempts: Agresti and Min 2005 for one attempt an attack; ours count one attempt's part of
        an attack where there are several.
    """
    difference_A, per_attack = _differences(before, after)
    if len(difference_A) < 2:
        raise ValueError("a paired comparison needs two attacks or more")
    generator = np.random.default_rng(seed)
    low_T, high_T = difference_bounds(difference_A[None, :], per_attack)
    p_value, exact = sign_flip_test(difference_A, generator)
    return PairedDifference(
        value=float(difference_A.mean()),
        interval=Interval(float(low_T[0]), float(high_T[0])),
        bootstrap=_bootstrap(difference_A, generator),
        p_value=p_value,
        exact=exact,
        attacks=len(difference_A),
    )


def sign_flip_test(difference_A: Floats, generator: np.random.Generator) -> tuple[float, bool]:
    """Two-sided p-value of "each difference could as well have the other sign", and if it is exact.

    Attacks without a difference change no flip's sum and are left out of the flipping.
    """
    moved_A = difference_A[difference_A != 0]
    observed = abs(moved_A.sum()) - 1e-9
    if len(moved_A) <= EXACT_UP_TO:
        bits = np.arange(2 ** len(moved_A))[:, None] >> np.arange(len(moved_A)) & 1
        sums = (2 * bits - 1) @ moved_A
        return float((np.abs(sums) >= observed).mean()), True
    signs_FA = generator.integers(0, 2, (FLIPS, len(moved_A)), dtype=np.int8)
    sums = 2 * (signs_FA @ moved_A) - moved_A.sum()
    return float((1 + (np.abs(sums) >= observed).sum()) / (1 + FLIPS)), False


def mcnemar_test(before: Arm, after: Arm) -> float:
    """Exact two-sided p-value of McNemar's test, for one attempt an attack on each side.

    Raises:
        ValueError: an attack has several attempts: they are not independent, and the test would see
            differences where there are none (in 29 % of such cases, instead of 5 %).
    """
    from scipy import stats

    if any(len(set(arm.attacks_N)) < len(arm.attacks_N) for arm in (before, after)):
        raise ValueError("McNemar's test is for one attempt an attack: use paired_difference")
    difference_A, _ = _differences(before, after)
    better, worse = int((difference_A < 0).sum()), int((difference_A > 0).sum())
    return float(stats.binomtest(better, better + worse).pvalue) if better + worse else 1.0


def _differences(before: Arm, after: Arm) -> tuple[Floats, float]:
    """Difference of every attack, and attempts an attack and side on average."""
    rates = [_rates(arm) for arm in (before, after)]
    unlike = rates[0].keys() ^ rates[1].keys()
    if unlike:
        some = ", ".join(sorted(map(str, unlike))[:3])
        raise ValueError(f"{len(unlike)} attacks stand on one side only: {some}")
    difference_A = np.array([rates[1][attack] - rates[0][attack] for attack in rates[0]])
    attempts = len(before.hits_N) + len(after.hits_N)
    return difference_A, attempts / (2 * max(len(difference_A), 1))


def _rates(arm: Arm) -> dict[Hashable, float]:
    if len(arm.hits_N) != len(arm.attacks_N):
        raise ValueError(f"{len(arm.hits_N)} hits, but {len(arm.attacks_N)} attacks")
    hits: dict[Hashable, list[bool]] = {}
    for hit, attack in zip(arm.hits_N, arm.attacks_N, strict=True):
        hits.setdefault(attack, []).append(bool(hit))
    return {attack: sum(own) / len(own) for attack, own in hits.items()}


def mean_of(arm: Arm) -> float:
    """The rate of one side, each attack counted alike, in [0, 1]."""
    rates = _rates(arm)
    return sum(rates.values()) / len(rates)


def difference_bounds(difference_TA: Floats, per_attack: float) -> tuple[Floats, Floats]:
    """Ends of the 95 % interval of the mean difference, for T comparisons side by side.

    Args:
        difference_TA: of each attack, in [-1, 1]; two attacks or more.
        per_attack: attempts an attack and side on average, >= 1.
    """
    from scipy import stats

    n, mean_T = difference_TA.shape[1], difference_TA.mean(axis=1)
    square_TA = (difference_TA - mean_T[:, None]) ** 2
    spread_T = square_TA.mean(axis=1)
    kurtosis_T = (square_TA**2).mean(axis=1) / np.maximum(spread_T**2, TINY)
    # where nothing varies, nothing is known of the tails: all degrees of freedom
    freedom_T = np.where(kurtosis_T > 0, 2 * n / np.maximum(kurtosis_T - 1, TINY), n)
    weight = n + 2 / per_attack
    middle_T = mean_T * n / weight
    error_T = np.sqrt(n**2 * spread_T / (n - 1) + 2 / per_attack**2) / weight
    reach_T = stats.t.ppf(0.5 + LEVEL / 2, np.clip(freedom_T, 1, n - 1)) * error_T
    return np.maximum(middle_T - reach_T, -1), np.minimum(middle_T + reach_T, 1)


def _bootstrap(difference_A: Floats, generator: np.random.Generator) -> Interval:
    n = len(difference_A)
    means = [difference_A[generator.integers(0, n, n)].mean() for _ in range(RESAMPLES)]
    low, high = np.quantile(means, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(float(low), float(high))
