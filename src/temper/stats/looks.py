"""Many looks: many comparisons at once, and one figure looked at again and again."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from temper.stats.proportion import LEVEL, Floats, Interval

BETS_J = np.geomspace(0.01, 0.95, 12)
"""Shares of the capital staked in the mixture: small ones win on long runs, large ones on short."""
HALVINGS = 40


def adjusted_p_values(p_values: Sequence[float], *, dependent: bool = False) -> tuple[float, ...]:
    """P-values to compare with the share of false discoveries that is tolerated.

    Args:
        p_values: of all comparisons made, in [0, 1], not only of the promising ones.
        dependent: True where arms share data in ways that may work against each other, such as one
            control compared in opposite directions; costs a factor of about log(number).

    Raises:
        ValueError: a p-value is out of range.

    Source:
        Benjamini and Hochberg 1995; Benjamini and Yekutieli 2001 for `dependent`.
    """
    from scipy import stats

    if not all(0 <= p <= 1 for p in p_values):
        raise ValueError("p-values lie in [0, 1]")
    if not p_values:
        return ()
    adjusted = stats.false_discovery_control(p_values, method="by" if dependent else "bh")
    return tuple(float(p) for p in adjusted)


def bernoulli_sequence(hits_T: Floats, n_T: Floats) -> tuple[Floats, Floats]:
    """Ends of a 95 % interval for a chance of hits that hold at all looks at once.

    For independent attempts. The totals so far are all it needs, whatever the batches were.

    Args:
        hits_T: so far.
        n_T: attempts so far; 0 gives [0, 1].

    Source:
        Robbins 1970, Statistical methods related to the law of the iterated logarithm: the mixture
        of likelihood ratios over a Beta(1/2, 1/2) stays below 1 / 0.05 at the true chance, at every
        look at once, in 95 % of all runs (Ville 1939).
    """
    from scipy import special

    mixture_T = special.betaln(hits_T + 0.5, n_T - hits_T + 0.5) - special.betaln(0.5, 0.5)

    def evidence(chance_T: Floats) -> Floats:
        own_T = special.xlogy(hits_T, chance_T) + special.xlog1py(n_T - hits_T, -chance_T)
        return mixture_T - own_T

    rate_T = hits_T / np.maximum(n_T, 1)
    bar = -np.log(1 - LEVEL)
    low_T = _crossing(evidence, np.zeros_like(rate_T), rate_T, bar)
    return low_T, _crossing(evidence, np.ones_like(rate_T), rate_T, bar)


def mean_sequence(values_TC: Floats) -> tuple[Floats, Floats]:
    """Ends of a 95 % interval for the mean of values in [0, 1] that hold at all looks at once.

    For clusters: each value is one cluster's share of hits, so attempts within a cluster may depend
    on each other as they like. It is about the mean over clusters, each counted alike.

    Args:
        values_TC: clusters so far, in [0, 1]; T runs side by side.

    Returns:
        The means that a gambler does not refute who stakes fixed shares of his capital on "higher"
        or on "lower": a mixture over BETS_J for each side, at 2.5 % each. Order does not matter.

    Source:
        Waudby-Smith and Ramdas 2024 (arXiv:2010.09686), capital processes; bets are a fixed mixture
        here, not predictable plug-ins, so that each side is monotone in the mean and the interval
        is found by bisection.
    """
    bar = -np.log((1 - LEVEL) / 2)
    start_T = values_TC.mean(axis=1) if values_TC.shape[1] else np.full(len(values_TC), 0.5)

    def capital(mean_T: Floats, values_TC: Floats) -> Floats:
        odds_TC = values_TC / np.maximum(mean_T, 1e-300)[:, None] - 1
        won_TJ = np.stack([np.log1p(bet * odds_TC).sum(axis=1) for bet in BETS_J], axis=1)
        return np.logaddexp.reduce(won_TJ, axis=1) - np.log(len(BETS_J))

    low_T = _crossing(lambda mean_T: capital(mean_T, values_TC), 0 * start_T, start_T, bar)
    fall_T = _crossing(lambda mean_T: capital(mean_T, 1 - values_TC), 0 * start_T, 1 - start_T, bar)
    return low_T, 1 - fall_T


def _crossing(
    evidence: Callable[[Floats], Floats], far_T: Floats, near_T: Floats, bar: float
) -> Floats:
    """Where the evidence against a value, falling from far to near, comes down to the bar."""
    reached_T = evidence(far_T) < bar
    outer_T, inner_T = far_T.copy(), near_T.copy()
    for _ in range(HALVINGS):
        middle_T = (outer_T + inner_T) / 2
        refuted_T = evidence(middle_T) >= bar
        outer_T = np.where(refuted_T, middle_T, outer_T)
        inner_T = np.where(refuted_T, inner_T, middle_T)
    # the last value refuted, so that rounding errs on the wide side
    return np.where(reached_T, far_T, outer_T)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """A rate watched from batch to batch, and why the watch ended."""

    value: float
    interval: Interval
    """Valid at the look at which it was taken, whatever made the watcher stop."""
    clusters: int
    looks: int
    narrow: bool
    """Whether it is narrower than asked; else the batches ran out."""


def watch_until_narrow(batches: Iterable[Sequence[float]], width: float) -> Watch:
    """Take batch after batch until the interval is narrower than `width`.

    Args:
        batches: shares of hits in [0, 1], one for each cluster; a lone attempt is a cluster of one.
        width: of the whole interval, in (0, 1).

    Raises:
        ValueError: `width` or a share is out of range, or no batch came.
    """
    if not 0 < width < 1:
        raise ValueError(f"a width lies between 0 and 1, got {width}")
    seen: list[float] = []
    interval, looks = Interval(0.0, 1.0), 0
    for batch in batches:
        seen += batch
        if not all(0 <= share <= 1 for share in batch):
            raise ValueError("a share of hits lies in [0, 1]")
        low_T, high_T = mean_sequence(np.array([seen], dtype=np.float64))
        interval, looks = Interval(float(low_T[0]), float(high_T[0])), looks + 1
        if interval.high - interval.low < width:
            break
    if not seen:
        raise ValueError("no batch came: there is nothing to estimate")
    return Watch(
        value=float(np.mean(seen)),
        interval=interval,
        clusters=len(seen),
        looks=looks,
        narrow=interval.high - interval.low < width,
    )
