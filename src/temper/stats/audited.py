"""What an audit knows before its next wave, and how further answers are shared out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from temper.stats.allocation import Ints, JudgeGuess, allocate, expected_rates
from temper.stats.proportion import Bools, Floats

FEWEST_ANSWERS = 10
"""At least so many of each verdict are checked, if there are so many."""


@dataclass(frozen=True, slots=True)
class Audited:
    """What is known before this wave; S = (called safe, called hit)."""

    verdict_N: Bools
    audited_N: Bools
    inclusion_N: Floats
    size_S: Ints
    done_S: Ints
    rate_S: Floats


def known_of(
    verdicts_N: Sequence[int],
    truths_N: Sequence[bool | None] | None,
    inclusion_N: Sequence[float] | None,
    guess: JudgeGuess,
) -> Audited:
    """Raises ValueError where lengths differ or a verdict is neither 0 nor 1."""
    n = len(verdicts_N)
    truths_N = [None] * n if truths_N is None else truths_N
    audited_N = np.array([truth is not None for truth in truths_N], dtype=np.bool_)
    even_N = np.full(n, audited_N.mean() if n else 0.0)
    chance_N = even_N if inclusion_N is None else np.asarray(inclusion_N, dtype=np.float64)
    if not n or {len(audited_N), len(chance_N)} != {n}:
        raise ValueError(f"{n} verdicts, {len(audited_N)} truths and {len(chance_N)} chances")
    if not set(verdicts_N) <= {0, 1}:
        raise ValueError("a verdict is 0 or 1: pass one that could not tell as either")
    verdict_N = np.asarray(verdicts_N, dtype=np.bool_)
    mine = (~verdict_N, verdict_N)
    true_N = np.array([truth is not None and bool(truth) for truth in truths_N])
    done_S = np.array([(audited_N & own_N).sum() for own_N in mine])
    found_S = np.array([(true_N & own_N).sum() for own_N in mine], dtype=np.float64)
    rates = expected_rates(float(verdict_N.mean()), found_S, done_S, guess)
    size_S = np.array([own_N.sum() for own_N in mine])
    return Audited(
        verdict_N, audited_N, chance_N, size_S, done_S, np.array(rates, dtype=np.float64)
    )


def least_of(audit: Audited) -> Ints:
    """Of each verdict, how many are checked at least; (called safe, called hit)."""
    return np.maximum(audit.done_S, np.minimum(audit.size_S, FEWEST_ANSWERS))


def shared_out(audit: Audited, total: int) -> Ints:
    """Answers of each verdict when so many are checked in all, by size times standard deviation."""
    least_S = least_of(audit)
    least_S = least_S if total >= least_S.sum() else audit.done_S
    bounded = np.array(np.clip(total, least_S.sum(), audit.size_S.sum()))
    weight_S = np.sqrt(audit.rate_S * (1 - audit.rate_S)) * audit.size_S.astype(np.float64)
    return np.array(allocate(bounded, weight_S, least_S, audit.size_S))
