"""Two rates that share nothing: their difference from the interval of each."""

from dataclasses import dataclass

from temper.stats.proportion import NORMAL, Interval


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


def _reach(one: float, other: float) -> float:
    return (max(one, 0.0) ** 2 + max(other, 0.0) ** 2) ** 0.5
