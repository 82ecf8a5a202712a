"""Which answers to have checked next, so that a corrected rate becomes as sharp as wanted."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from math import ceil

import numpy as np

from temper.stats.allocation import Ints, JudgeGuess
from temper.stats.audited import Audited, known_of, least_of, shared_out
from temper.stats.correction import Estimand
from temper.stats.intervals import new_attacks, these_attempts
from temper.stats.proportion import cluster_codes
from temper.stats.two_phase import TINY, TwoPhase, group, summarise


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPlan:
    """The answers to check next, and what checking them will bring."""

    answers: tuple[int, ...]
    """Places among the attempts, ascending."""
    hits: int
    """How many of `answers` the judge called hits."""
    safes: int
    inclusion_N: tuple[float, ...]
    """Chance of every attempt to be audited by then, earlier waves included."""
    half_width: float
    """Expected half-width of the 95 % interval then; of a complete audit where not `reachable`."""
    reachable: bool
    clusters_needed: int | None
    """Where no audit of these attempts suffices: about how many clusters would."""
    seed: int


def plan_audit(
    verdicts_N: Sequence[int],
    *clusters: Sequence[Hashable],
    half_width: float,
    seed: int,
    truths_N: Sequence[bool | None] | None = None,
    inclusion_N: Sequence[float] | None = None,
    guess: JudgeGuess | None = None,
    estimand: Estimand = Estimand.THESE_ATTEMPTS,
) -> AuditPlan:
    """The fewest answers that should bring the interval to a half-width, drawn at random.

    Answers are shared out between the verdicts in proportion to size times standard deviation of
    the truth within them (Neyman), by the audit so far or a guess. A verdict gives its own answers
    by simple random sampling. Waves may follow one another: `corrected_rate` takes the truths of
    all of them and the last plan's `inclusion_N`.

    Args:
        verdicts_N: the judge's word on every attempt, 0 or 1.
        clusters: labels as for `corrected_rate`; needed for NEW_ATTACKS.
        half_width: in (0, 0.5), 0.05 for "within 5 points".
        seed: of the draw.
        truths_N: of earlier waves; None where not audited.
        inclusion_N: of the last wave; None for a simple random sample.
        guess: of the judge, before it was audited; counts as four answers of each verdict.
        estimand: what the interval is for. For NEW_ATTACKS more attacks may be needed instead.

    Raises:
        ValueError: lengths differ, a number is out of range, or a cluster is missing.

    Source:
        Neyman 1934, On the two different aspects of the representative method.
    """
    if not 0 < half_width < 0.5:
        raise ValueError(f"a half-width lies between 0 and 0.5, got {half_width}")
    audit = known_of(verdicts_N, truths_N, inclusion_N, guess or JudgeGuess())
    between, freedom, groups = _between(audit, truths_N, clusters, estimand)

    def expected(total: int) -> float:
        return _half_width(shared_out(audit, total), audit, between, freedom, groups, estimand)

    fewest, most = int(least_of(audit).sum()), int(audit.size_S.sum())
    best = expected(most)
    if best > half_width:
        needed = ceil(groups * (best / half_width) ** 2)
        nothing = _draw(audit, audit.done_S, seed)
        return replace(nothing, half_width=best, reachable=False, clusters_needed=needed)
    while fewest < most:
        total = (fewest + most) // 2
        fewest, most = (fewest, total) if expected(total) <= half_width else (total + 1, most)
    return replace(_draw(audit, shared_out(audit, most), seed), half_width=expected(most))


def draw_audit(
    verdicts_N: Sequence[int],
    answers: int,
    *,
    seed: int,
    truths_N: Sequence[bool | None] | None = None,
    inclusion_N: Sequence[float] | None = None,
    guess: JudgeGuess | None = None,
) -> AuditPlan:
    """As `plan_audit`, for a number of answers that can be paid for."""
    audit = known_of(verdicts_N, truths_N, inclusion_N, guess or JudgeGuess())
    count_S = shared_out(audit, int(audit.done_S.sum()) + answers)
    width = _half_width(count_S, audit, 0.0, np.inf, 1, Estimand.THESE_ATTEMPTS)
    return replace(_draw(audit, count_S, seed), half_width=width)


def _between(
    audit: Audited,
    truths_N: Sequence[bool | None] | None,
    clusters: Sequence[Sequence[Hashable]],
    estimand: Estimand,
) -> tuple[float, float, int]:
    """Design effect, its degrees of freedom, and clusters; of the verdicts before any audit."""
    if estimand is Estimand.THESE_ATTEMPTS:
        return 0.0, np.inf, 1
    if not clusters or {len(labels) for labels in clusters} != {len(audit.verdict_N)}:
        raise ValueError(f"a rate of {estimand} needs the attack of every attempt")
    told_TN, chance_TN = (
        audit.verdict_N.astype(np.float64)[None, :],
        np.ones((1, len(audit.verdict_N))),
    )
    if truths_N is not None and audit.audited_N.any():
        told_TN = np.array([[np.nan if truth is None else float(truth) for truth in truths_N]])
        chance_TN = audit.inclusion_N[None, :]
    groupings = [group(cluster_codes(labels)) for labels in clusters]
    two = summarise(audit.verdict_N[None, :], told_TN, chance_TN, groupings)
    spread = max(float(two.value_T[0] * (1 - two.value_T[0])), TINY)
    effect = float(two.between_T[0]) * two.attempts / spread
    return effect, float(two.freedom_T[0]), two.clusters


def _half_width(
    count_S: Ints, audit: Audited, effect: float, freedom: float, groups: int, estimand: Estimand
) -> float:
    share_ST = (audit.size_S / audit.size_S.sum())[:, None]
    rate_ST = audit.rate_S[:, None]
    value_T = (share_ST * rate_ST).sum(axis=0)
    left_S = np.maximum(1 - count_S / np.maximum(audit.size_S, 1), TINY)
    two = TwoPhase(
        attempts=len(audit.verdict_N),
        clusters=groups,
        value_T=value_T,
        share_ST=share_ST,
        rate_ST=rate_ST,
        audited_ST=(count_S / left_S)[:, None],
        between_T=effect * value_T * (1 - value_T) / len(audit.verdict_N),
        freedom_T=np.array([freedom]),
    )
    low_T, high_T = new_attacks(two) if estimand is Estimand.NEW_ATTACKS else these_attempts(two)
    return float(high_T[0] - low_T[0]) / 2


def _draw(audit: Audited, count_S: Ints, seed: int) -> AuditPlan:
    generator = np.random.default_rng(seed)
    more_S = count_S - audit.done_S
    inclusion_N, answers = audit.inclusion_N.copy(), list[int]()
    for s, own_N in enumerate((~audit.verdict_N, audit.verdict_N)):
        free = np.flatnonzero(own_N & ~audit.audited_N)
        answers += generator.choice(free, size=int(more_S[s]), replace=False).tolist()
        chance = more_S[s] / max(len(free), 1)
        inclusion_N[own_N] += (1 - inclusion_N[own_N]) * chance
    return AuditPlan(
        answers=tuple(sorted(answers)),
        hits=int(more_S[1]),
        safes=int(more_S[0]),
        inclusion_N=tuple(inclusion_N.tolist()),
        half_width=0.0,
        reachable=True,
        clusters_needed=None,
        seed=seed,
    )
