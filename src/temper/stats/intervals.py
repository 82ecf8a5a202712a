"""Intervals of a corrected rate: the parts of its error, each by its own score interval, joined."""

import numpy as np

from temper.stats.proportion import LEVEL, Floats, score_bounds
from temper.stats.two_phase import TINY, TwoPhase

QUARTER = 0.25
"""Of one attempt: how far a rate is moved for its continuous interval to hold in whole attempts."""


def _audit_reach(two: TwoPhase) -> tuple[Floats, Floats]:
    """Squared distance from the value to both ends of the audit's part of the error.

    Where almost all attempts are audited, less than one of the rest would separate the ends from
    the value, though one may well be wrong; hence the continuity correction, by a quarter (half is
    customary, and too wide here). A complete audit needs none.
    """
    count_ST = two.share_ST * two.attempts
    complete_ST = two.audited_ST > two.attempts**2
    step_ST = np.where(complete_ST, 0, QUARTER / np.maximum(count_ST, 1))
    low_ST, _ = score_bounds(np.maximum(two.rate_ST - step_ST, 0), two.audited_ST)
    _, high_ST = score_bounds(np.minimum(two.rate_ST + step_ST, 1), two.audited_ST)
    below_T = ((two.share_ST * (two.rate_ST - low_ST)) ** 2).sum(axis=0)
    above_T = ((two.share_ST * (high_ST - two.rate_ST)) ** 2).sum(axis=0)
    return below_T, above_T


def these_attempts(two: TwoPhase) -> tuple[Floats, Floats]:
    """Ends of the interval for the rate of these very attempts: only the audit is uncertain."""
    below_T, above_T = _audit_reach(two)
    return _ends(two.value_T, below_T, above_T)


def new_attacks(two: TwoPhase) -> tuple[Floats, Floats]:
    """Ends of the interval for the rate over new clusters: the clusters are uncertain too.

    Score intervals of the parts, joined by their distances: the squared distance of an end is the
    sum of the parts' squared distances. Where nothing varies the design effect cannot be seen, so
    each cluster counts as one observation.

    Source:
        Zou and Donner 2008, Construction of confidence limits about effect measures (equation 4),
        for independent parts. The parts are score intervals, whose ends fit a rate near 0 or 1 and
        an audit without a single miss.
    """
    from scipy import stats

    below_T, above_T = _audit_reach(two)
    critical_T = np.asarray(stats.t.ppf(0.5 + LEVEL / 2, two.freedom_T), dtype=np.float64)
    low_T, high_T = score_bounds(two.value_T, clusters_worth(two), critical_T)
    below_T = below_T + (two.value_T - low_T) ** 2
    above_T = above_T + (high_T - two.value_T) ** 2
    return _ends(two.value_T, below_T, above_T)


def clusters_worth(two: TwoPhase) -> Floats:
    """How many independent attempts the clusters are worth, were every attempt audited."""
    spread_T = two.value_T * (1 - two.value_T)
    worth_T = spread_T / np.maximum(two.between_T, TINY)
    return np.where(spread_T > TINY, worth_T, float(two.clusters))


def _ends(value_T: Floats, below_T: Floats, above_T: Floats) -> tuple[Floats, Floats]:
    low_T, high_T = value_T - np.sqrt(below_T), value_T + np.sqrt(above_T)
    return np.maximum(low_T, 0), np.minimum(high_T, 1)


def effective_n(two: TwoPhase, *, new: bool) -> Floats:
    """Independent attempts of known truth that would leave the same variance, at most `attempts`.

    Where all audited truths agree no variance is seen, and the sizes of the parts decide; where
    those of one verdict do, it counts at least as if one more answer had been audited and missed.

    Args:
        two: the audited attempts.
        new: whether the clusters are uncertain too.
    """
    spread_T = two.value_T * (1 - two.value_T)
    each_ST = two.share_ST**2 / np.maximum(two.audited_ST, TINY)
    one_missed_ST = two.audited_ST / (two.audited_ST + 1) ** 2
    seen_ST = np.maximum(two.rate_ST * (1 - two.rate_ST), one_missed_ST)
    within_T = (each_ST * seen_ST).sum(axis=0)
    part_T = np.where(spread_T > TINY, within_T / np.maximum(spread_T, TINY), each_ST.sum(axis=0))
    return 1 / (part_T + 1 / (clusters_worth(two) if new else two.attempts))
