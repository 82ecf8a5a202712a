"""Two rates that share nothing: their difference, from the interval of each or from repetitions."""

from collections.abc import Sequence
from dataclasses import dataclass

from temper.stats.proportion import LEVEL, NORMAL, Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The second rate less the first."""

    value: float
    interval: Interval
    p_value: float
    """Two-sided; below 0.05 just where the interval leaves out 0."""


def independent_difference(
    first: float, first_interval: Interval, second: float, second_interval: Interval
) -> Difference:
    """Difference of two independent rates, each with its own 95 % interval, clusters and all.

    Args:
        first: rate in [0, 1].
        first_interval: around it.
        second: rate in [0, 1].
        second_interval: around it.

    Source:
        Zou and Donner 2008, Construction of confidence limits about effect measures (MOVER): each
        end joins the squared distances that the two rates have to their ends on that side. The
        p-value is ours: that of a normal deviate whose standard error is the reach towards 0.
    """
    from scipy import stats

    value = second - first
    down = _reach(second - second_interval.low, first_interval.high - first)
    up = _reach(second_interval.high - second, first - first_interval.low)
    towards = down if value > 0 else up
    deviate = NORMAL * abs(value) / towards if towards else float("inf")
    return Difference(
        value=value,
        interval=Interval(value - down, value + up),
        p_value=float(2 * stats.norm.sf(deviate)) if value else 1.0,
    )


def repeated_difference(first_K: Sequence[float], second_K: Sequence[float]) -> Difference:
    """Difference of the means of two sides, each of which was measured several times over.

    What repeating alone does to a rate is in it, which no interval of a single measurement holds;
    with few repetitions it is wide. A rate may vary less near 0 or 1 than the common variance says.

    Args:
        first_K: at least one rate, from repetitions that differ in all that chance decides.
        second_K: likewise; three or more together.

    Source:
        Student 1908, with the variance common to both sides.
    """
    import numpy as np
    from scipy import stats

    sides = [np.asarray(side, dtype=np.float64) for side in (first_K, second_K)]
    freedom = sum(map(len, sides)) - 2
    if freedom < 1 or not all(map(len, sides)):
        raise ValueError("a difference of repeated rates needs three rates, and one on each side")
    value = float(sides[1].mean() - sides[0].mean())
    variance = sum(float(((side - side.mean()) ** 2).sum()) for side in sides) / freedom
    error = (variance * sum(1 / len(side) for side in sides)) ** 0.5
    reach = float(stats.t.ppf(0.5 + LEVEL / 2, freedom)) * error
    deviate = abs(value) / error if error else float("inf")
    return Difference(
        value=value,
        interval=Interval(value - reach, value + reach),
        p_value=float(2 * stats.t.sf(deviate, freedom)) if value else 1.0,
    )


def _reach(one: float, other: float) -> float:
    return (max(one, 0.0) ** 2 + max(other, 0.0) ** 2) ** 0.5
