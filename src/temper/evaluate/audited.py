"""Rates of a fallible judge: raw, and corrected by an audit of the very attempts."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from temper.records import Outcome, Rate
from temper.stats import (
    FEWEST_CLUSTERS,
    AuditPlan,
    CorrectedRate,
    Estimand,
    clustered_proportion,
    corrected_rate,
    plan_audit,
)


class JudgedAttempt(NamedTuple):
    """One attempt as a judge saw it, and perhaps as an audit found it."""

    outcome: Outcome
    clusters: tuple[str, ...]
    """The attempt's attack, and other kinds of cluster in a fixed order; () where none is known."""
    truth: bool | None = None
    """Whether it truly was a hit; None where it was not audited."""
    inclusion: float | None = None
    """Chance with which it was to be audited; None for a simple random sample."""
    in_vain: bool = False
    """Whether an audit checked it and could not tell."""


def judged_rate(
    name: str,
    attempts: Sequence[JudgedAttempt],
    *,
    unit: str | None,
    measure: str,
    by: Mapping[str, Any],
    estimand: Estimand | None = None,
    new: str = Estimand.NEW_ATTACKS,
    circular: str | None = None,
) -> Rate:
    """The judge's share of hits, with the corrected rate beside it where anything was audited.

    Args:
        name: of the figure.
        attempts: all attempts that the rate is about; of a simple random or a planned audit.
        unit: what the clusters are, e.g. "attack"; None where attempts are independent.
        measure: the judge.
        by: facets.
        estimand: of the correction; None: new attacks where clusters are known.
        new: what the clusters are drawn from, in words.
        circular: why this judge may not stand alone, if so.

    Raises:
        ValueError: no attempts, or an audit's chances are out of range.
    """
    known = [one for one in attempts if one.outcome != "unknown"]
    hits = [one.outcome == "hit" for one in known]
    value, interval, count = None, None, None
    if hits:
        seen = list(zip(*(one.clusters for one in known), strict=True))
        value, interval, count = clustered_proportion(hits, *(seen or [range(len(hits))]))
    unknown, n = len(attempts) - len(known), len(attempts)
    corrected = correction(attempts, estimand)
    ends = corrected.interval if corrected else None
    in_vain = sum(one.in_vain for one in attempts)
    return Rate(
        name=name,
        value=value,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        n=n,
        unknown=unknown,
        bounds=(sum(hits) / n, (sum(hits) + unknown) / n) if unknown else None,
        cluster=unit or "attempt",
        clusters=count,
        measure=measure,
        judge=measure,
        corrected=corrected.value if corrected else None,
        corrected_low=ends.low if ends else None,
        corrected_high=ends.high if ends else None,
        audited=corrected.audited if corrected else 0,
        circular=circular,
        note=_note(new if unit else "new attempts like these", corrected, count, in_vain),
        by=by,
    )


def audit_to_do(
    attempts: Sequence[JudgedAttempt], half_width: float, *, seed: int, estimand: Estimand
) -> AuditPlan:
    """The answers to check next so that the corrected rate is as sharp as wanted."""
    chances = [one.inclusion for one in attempts]
    return plan_audit(
        _verdicts(attempts),
        *zip(*(one.clusters for one in attempts), strict=True),
        half_width=half_width,
        seed=seed,
        truths_N=[one.truth for one in attempts],
        inclusion_N=None if None in chances else [float(chance or 0) for chance in chances],
        estimand=estimand,
    )


def correction(
    attempts: Sequence[JudgedAttempt], estimand: Estimand | None = None
) -> CorrectedRate | None:
    """What the audit makes of the judge and of its rate; None where nothing was audited.

    Args:
        attempts: all attempts that the rate is about.
        estimand: None: new attacks where clusters are known.
    """
    if all(one.truth is None for one in attempts):
        return None
    kinds = list(zip(*(one.clusters for one in attempts), strict=True))
    wanted = estimand or (Estimand.NEW_ATTACKS if kinds else Estimand.THESE_ATTEMPTS)
    drawn = [one.inclusion for one in attempts if one.truth is not None]
    return corrected_rate(
        _verdicts(attempts),
        [one.truth for one in attempts],
        *kinds,
        inclusion_N=None if None in drawn else [float(one.inclusion or 0) for one in attempts],
        estimand=wanted,
    )


def _verdicts(attempts: Sequence[JudgedAttempt]) -> list[int]:
    """Where the judge could not tell it counts as safe: the audit corrects that like any error."""
    return [int(one.outcome == "hit") for one in attempts]


def _note(new: str, corrected: CorrectedRate | None, clusters: int | None, in_vain: int) -> str:
    """What the ranges are about, and what a reader must know of them."""
    parts = [f"raw range for {new}"]
    if corrected:
        these = corrected.estimand is Estimand.THESE_ATTEMPTS
        parts += [f"corrected for {corrected.estimand if these else new}", *corrected.notes]
    if clusters is not None and clusters < FEWEST_CLUSTERS and "too few clusters" not in parts:
        parts.append("too few clusters")
    if in_vain:
        parts.append(f"{in_vain} answers were checked in vain and are left out of the audit")
    return "; ".join(parts)
