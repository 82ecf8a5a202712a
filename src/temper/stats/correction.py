"""The true rate behind a fallible judge's verdicts, from an audit of the attempts themselves."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from temper.stats.intervals import clusters_worth, effective_n, new_attacks, these_attempts
from temper.stats.judge import judge_shares, rogan_gladen_of
from temper.stats.proportion import Bools, Estimate, Floats, Interval, cluster_codes
from temper.stats.two_phase import TINY, Grouping, TwoPhase, group, summarise

FEWEST_CLUSTERS = 20
"""With fewer, no claim is made about clusters that were not drawn."""


class Estimand(StrEnum):
    THESE_ATTEMPTS = "these attempts"
    """The rate that an audit of every one of them would show: only the audit is uncertain."""
    NEW_ATTACKS = "new attacks of this attacker"
    """The rate over clusters drawn like these: which clusters came is uncertain too."""


class Note(StrEnum):
    TOO_FEW_CLUSTERS = "too few clusters"
    UNAUDITED_VERDICT = "no audited attempt among those of one verdict"
    JUDGE_OF_NO_USE = "the judge does no better than chance on these attempts"


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedRate:
    """A corrected rate and what a reader needs to judge it."""

    estimand: Estimand
    value: float
    interval: Interval | None
    """At 95 %; None where `notes` has TOO_FEW_CLUSTERS."""
    raw: float
    """Share of the attempts that the judge called hits."""
    sensitivity: Estimate | None
    """On these attempts: share of true hits that the judge called hits. None if none were found."""
    specificity: Estimate | None
    attempts: int
    audited: int
    clusters: int | None
    """Of the scarcer kind; None where none was named."""
    effective_n: float
    """Independent, truthfully judged attempts that would be as certain; at most `attempts`."""
    tuning: float
    """The weight of the verdicts, l of power-tuned prediction-powered inference; 0 ignores them."""
    cross_check: Estimate | None
    """Rogan and Gladen's rate for the same estimand. None where the judge is of no use."""
    notes: tuple[Note, ...] = ()


def corrected_rate(
    verdicts_N: Sequence[bool] | Sequence[int],
    truths_N: Sequence[bool | None],
    *clusters: Sequence[Hashable],
    inclusion_N: Sequence[float] | Floats | None = None,
    estimand: Estimand = Estimand.NEW_ATTACKS,
) -> CorrectedRate:
    """Correct a rate of hits by an audit of a random part of the same attempts.

    Where the judge could not tell, either verdict may stand: the audit corrects it like any other.

    Args:
        verdicts_N: the judge's word on every attempt, 1 or True for a hit.
        truths_N: what the audit found; None where an attempt was not audited.
        clusters: for each kind of cluster, the label of every attempt. Estimand NEW_ATTACKS needs
            the attack; naming the problem too makes it "new attacks on new problems".
        inclusion_N: chance in (0, 1] that an attempt was to be audited, as `plan_audit` records it;
            read only where audited. None: a simple random sample.
        estimand: what the rate is about.

    Raises:
        ValueError: lengths differ, nothing was audited, a verdict or a chance is out of range, or
            new attacks are meant and no cluster is named.

    Source:
        Named at `summarise`, `new_attacks` and `rogan_gladen`. Coverage: `benchmarks/coverage.py`.
    """
    _check(verdicts_N, truths_N, clusters, estimand)
    verdict_TN = np.asarray(verdicts_N, dtype=np.bool_)[None, :]
    truth_TN = np.array([[np.nan if truth is None else float(truth) for truth in truths_N]])
    audited_TN = ~np.isnan(truth_TN)
    inclusion_TN = _chances(inclusion_N, audited_TN)
    groupings = [group(cluster_codes(labels)) for labels in clusters]
    two = summarise(verdict_TN, truth_TN, inclusion_TN, groupings)
    new = estimand is Estimand.NEW_ATTACKS
    notes = _notes(two, _reached(audited_TN[0], groupings) if new else None)
    low_T, high_T = new_attacks(two) if new else these_attempts(two)
    corrected = _first(two.value_T, low_T, high_T)
    sensitivity, specificity, check = None, None, None
    if Note.UNAUDITED_VERDICT not in notes:
        sensitivity, specificity = judge_shares(two)
    if sensitivity and specificity and Note.JUDGE_OF_NO_USE not in notes:
        raw_n_T = _raw_n(verdict_TN, groupings if new else [])
        check = _first(*rogan_gladen_of(verdict_TN, truth_TN, inclusion_TN, raw_n_T, two))
    return CorrectedRate(
        estimand=estimand,
        value=corrected.value,
        interval=None if Note.TOO_FEW_CLUSTERS in notes else corrected.interval,
        raw=float(two.share_ST[1, 0]),
        sensitivity=sensitivity,
        specificity=specificity,
        attempts=two.attempts,
        audited=int(audited_TN.sum()),
        clusters=two.clusters if clusters else None,
        effective_n=float(effective_n(two, new=new)[0]),
        tuning=float(two.rate_ST[1, 0] - two.rate_ST[0, 0]),
        cross_check=check,
        notes=notes,
    )


def _check(
    verdicts_N: Sequence[int],
    truths_N: Sequence[bool | None],
    clusters: Sequence[Sequence[Hashable]],
    estimand: Estimand,
) -> None:
    lengths = {len(verdicts_N), len(truths_N), *map(len, clusters)}
    if len(lengths) > 1:
        raise ValueError(f"one entry for every attempt is needed, got lengths {sorted(lengths)}")
    if not set(verdicts_N) <= {0, 1}:
        raise ValueError("a verdict is 0 or 1: pass one that could not tell as either")
    if all(truth is None for truth in truths_N):
        raise ValueError("no attempt was audited: call the rate uncorrected")
    if estimand is Estimand.NEW_ATTACKS and not clusters:
        raise ValueError(f"a rate of {estimand} needs the attack of every attempt")


def _chances(inclusion_N: Sequence[float] | Floats | None, audited_TN: Bools) -> Floats:
    if inclusion_N is None:
        return np.full(audited_TN.shape, audited_TN.mean())
    inclusion_TN = np.asarray(inclusion_N, dtype=np.float64)[None, :]
    if inclusion_TN.shape != audited_TN.shape:
        raise ValueError(f"{audited_TN.size} attempts, but {inclusion_TN.size} audit chances")
    read = inclusion_TN[audited_TN]
    if not ((read > 0) & (read <= 1)).all():
        raise ValueError("the chance that an audited attempt had of being audited is in (0, 1]")
    return inclusion_TN


def _reached(audited_N: Bools, groupings: Sequence[Grouping]) -> int:
    """Clusters of the scarcer kind that the audit reached."""
    found = [
        int((np.add.reduceat(audited_N[order_N].astype(int), starts_K) > 0).sum())
        for order_N, starts_K in groupings
    ]
    return min(found)


def _notes(two: TwoPhase, reached: int | None) -> tuple[Note, ...]:
    value, tuning = float(two.value_T[0]), float(two.rate_ST[1, 0] - two.rate_ST[0, 0])
    one_sided = bool((two.audited_ST[two.share_ST > 0] == 0).any())
    found = {
        Note.TOO_FEW_CLUSTERS: reached is not None and reached < FEWEST_CLUSTERS,
        Note.UNAUDITED_VERDICT: one_sided,
        Note.JUDGE_OF_NO_USE: not one_sided and 0 < value < 1 and tuning <= 0,
    }
    return tuple(note for note, holds in found.items() if holds)


def _raw_n(verdict_TN: Bools, groupings: Sequence[Grouping]) -> Floats:
    """What the attempts are worth as a sample; without limit where they are all that is meant."""
    if not groupings:
        return np.full(len(verdict_TN), 1 / TINY)
    told_TN = verdict_TN.astype(np.float64)
    return clusters_worth(summarise(verdict_TN, told_TN, np.ones(told_TN.shape), groupings))


def _first(value_T: Floats, low_T: Floats, high_T: Floats) -> Estimate:
    return Estimate(value=float(value_T[0]), interval=Interval(float(low_T[0]), float(high_T[0])))
