"""A learned judge's rate, corrected by looking up the truth of a part of its very answers."""

from collections.abc import Hashable, Sequence
from dataclasses import replace

from temper.records import Rate
from temper.stats import Estimand, corrected_rate, draw_audit

AUDITED = 200
"""Answers whose truth is looked up, drawn at random; of fewer, none: the rate stays uncorrected."""


def audited_by_truth(
    rate: Rate,
    verdicts: Sequence[bool],
    truths: Sequence[bool],
    clusters: Sequence[Hashable],
    seed: int,
) -> Rate:
    """The rate with its correction beside it.

    Args:
        rate: the share of hits among the verdicts.
        verdicts: of the judge, where it could tell.
        truths: of the same answers; only those of the audit are looked at.
        clusters: what varies independently.
        seed: draws the audit.
    """
    if len(verdicts) < AUDITED:
        return rate
    audit = draw_audit(verdicts, AUDITED, seed=seed)
    chosen = set(audit.answers)
    found = corrected_rate(
        verdicts,
        [truth if n in chosen else None for n, truth in enumerate(truths)],
        clusters,
        inclusion_N=audit.inclusion_N,
        estimand=Estimand.NEW_ATTACKS,
    )
    low, high = found.interval or (None, None)
    return replace(
        rate,
        corrected=found.value,
        corrected_low=low,
        corrected_high=high,
        audited=found.audited,
    )
