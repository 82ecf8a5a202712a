"""Queries to the first hit, where some searches end without one: survival analysis."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from temper.stats.proportion import NORMAL, Estimate, Floats, Interval, wilson


@dataclass(frozen=True, slots=True, kw_only=True)
class SurvivalCurve:
    """Kaplan-Meier estimate of the chance that a search is still without a hit."""

    queries_S: tuple[float, ...]
    """At which a first hit came, ascending."""
    at_risk_S: tuple[int, ...]
    """Searches still without a hit, and not yet given up, just before."""
    hits_S: tuple[int, ...]
    survival_S: tuple[float, ...]
    """In [0, 1], from each of these queries to the next; 1 before the first."""
    interval_S: tuple[Interval, ...]
    median: float | None
    """Queries by which half of the searches have hit; None where fewer did."""
    searches: int
    longest: float
    """Queries of the longest search: beyond it nothing is known."""

    def restricted_mean(self, horizon: float) -> Estimate:
        """Mean queries to the first hit, with searches stopped at `horizon` queries.

        Args:
            horizon: in (0, longest]; the same for all that are to be compared.

        Raises:
            ValueError: nothing is known about the horizon.

        Source:
            Irwin 1949; variance by Greenwood's terms (Klein and Moeschberger 2003, section 4.5).
        """
        if not 0 < horizon <= self.longest:
            raise ValueError(f"a horizon lies in (0, {self.longest:g}], got {horizon:g}")
        inside = [place for place, query in enumerate(self.queries_S) if query < horizon]
        edges = np.array([0.0, *(self.queries_S[place] for place in inside), horizon])
        level = np.array([1.0, *(self.survival_S[place] for place in inside)])
        area = level * np.diff(edges)
        left_S = area.sum() - np.cumsum(area)[:-1]
        terms_S = _greenwood_terms(self.at_risk_S, self.hits_S)[: len(inside)]
        error = float(np.sqrt((left_S**2 * terms_S).sum()))
        mean = float(area.sum())
        reach = NORMAL * error
        return Estimate(
            value=mean, interval=Interval(max(0.0, mean - reach), min(horizon, mean + reach))
        )


def survival_to_first_hit(queries_N: Sequence[float], hit_N: Sequence[bool]) -> SurvivalCurve:
    """How long searches go without a hit; one that was given up counts for as long as it ran.

    Args:
        queries_N: > 0; at the first hit, or in all where there was none. One entry an independent
            search: seeds, not attempts.
        hit_N: whether the search hit.

    Raises:
        ValueError: lengths differ, there is no search, or one ran no query.

    Source:
        Kaplan and Meier 1958; Greenwood's variance on the log-log scale, which stays in [0, 1]
        (Kalbfleisch and Prentice 2002, section 1.4). Where all have hit, 0 up to the last end.
    """
    queries, hit = np.asarray(queries_N, dtype=np.float64), np.asarray(hit_N, dtype=np.bool_)
    if len(queries) != len(hit) or not len(queries) or not (queries > 0).all():
        raise ValueError("every search needs its queries, above 0, and whether it hit")
    times_S = np.unique(queries[hit])
    at_risk_S = (queries >= times_S[:, None]).sum(axis=1)
    hits_S = (queries[hit] == times_S[:, None]).sum(axis=1)
    survival_S = np.cumprod(1 - hits_S / at_risk_S)
    reached = times_S[survival_S <= 0.5 + 1e-9]  # a half is a half after rounding
    return SurvivalCurve(
        queries_S=tuple(times_S.tolist()),
        at_risk_S=tuple(at_risk_S.tolist()),
        hits_S=tuple(hits_S.tolist()),
        survival_S=tuple(survival_S.tolist()),
        interval_S=_log_log(
            survival_S, np.cumsum(_greenwood_terms(at_risk_S, hits_S)), len(queries)
        ),
        median=float(reached[0]) if len(reached) else None,
        searches=len(queries),
        longest=float(queries.max()),
    )


def log_rank_test(
    queries_N: Sequence[float],
    hit_N: Sequence[bool],
    other_queries_M: Sequence[float],
    other_hit_M: Sequence[bool],
) -> float:
    """Two-sided p-value of "both kinds of search find a first hit equally fast".

    Args:
        queries_N: as for `survival_to_first_hit`.
        hit_N: as there; at least one hit in both kinds together.
        other_queries_M: of the other kind.
        other_hit_M: of the other kind.

    Raises:
        ValueError: lengths differ, or no search hit at all.

    Source:
        Mantel 1966, through scipy.
    """
    from scipy import stats

    if not any(hit_N) and not any(other_hit_M):
        raise ValueError("no search hit: there is nothing to compare")
    first, second = (
        stats.CensoredData.right_censored(np.asarray(times, dtype=np.float64), ~np.asarray(hit))
        for times, hit in ((queries_N, hit_N), (other_queries_M, other_hit_M))
    )
    return float(stats.logrank(first, second).pvalue)


def _greenwood_terms(at_risk_S: Sequence[int] | Floats, hits_S: Sequence[int] | Floats) -> Floats:
    """Each step's part of the variance of log survival; 0 where all that were left hit."""
    risk_S, hit_S = np.asarray(at_risk_S, dtype=np.float64), np.asarray(hits_S, dtype=np.float64)
    left_S = risk_S - hit_S
    return np.where(left_S > 0, hit_S / (risk_S * np.maximum(left_S, 1)), 0.0)


def _log_log(survival_S: Floats, variance_S: Floats, searches: int) -> tuple[Interval, ...]:
    ends = list[Interval]()
    highest = wilson(0, searches).high
    for survival, variance in zip(survival_S, variance_S, strict=True):
        if survival == 0:
            ends.append(Interval(0.0, ends[-1].high if ends else highest))
            continue
        factor = float(np.exp(NORMAL * np.sqrt(variance) / np.log(survival)))
        ends.append(Interval(float(survival ** (1 / factor)), float(survival**factor)))
    return tuple(ends)
