"""How to share answers to check out between those called hits and those called safe."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from temper.stats.proportion import Floats
from temper.stats.two_phase import TINY

Ints = NDArray[np.int64]
GUESS_WEIGHT = 4
"""Audited answers that a guess about the judge counts for, in each verdict."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeGuess:
    """What is believed of the judge before an audit; the sum must be above 1."""

    sensitivity: float = 0.8
    specificity: float = 0.8


def allocate(total: Ints, weight_S: Floats, least_S: Ints, most_S: Ints) -> tuple[Ints, Ints]:
    """Share a number of answers out in proportion to weights, within bounds; elementwise.

    Args:
        total: between the sums of the bounds.
        weight_S: size times standard deviation, one entry for each of two verdicts.
        least_S: answers that each must have.
        most_S: answers that each can have.
    """
    wanted = np.rint(total * weight_S[1] / np.maximum(weight_S[0] + weight_S[1], TINY))
    lowest = np.maximum(least_S[1], total - most_S[0])
    highest = np.minimum(most_S[1], total - least_S[0])
    hits = np.clip(wanted.astype(np.int64), lowest, highest)
    return total - hits, hits


def expected_rates(
    raw: Floats | float, found_S: Floats, done_S: Ints, guess: JudgeGuess
) -> tuple[Floats, Floats]:
    """Share of true hits among answers called safe and called hits: a guess, then the audit's word.

    Args:
        raw: share of the attempts called hits.
        found_S: true hits that the audit found so far, for each verdict.
        done_S: answers audited so far, for each verdict.
        guess: of the judge.

    Raises:
        ValueError: a judge as guessed does no better than chance.
    """
    better = guess.sensitivity + guess.specificity - 1
    if better <= 0:
        raise ValueError("a judge no better than chance: audit a simple random sample instead")
    value = np.clip((raw + guess.specificity - 1) / better, 0.01, 0.99)
    caught, missed = guess.sensitivity * value, (1 - guess.sensitivity) * value
    accused, cleared = (1 - guess.specificity) * (1 - value), guess.specificity * (1 - value)
    rates = (
        missed / np.maximum(missed + cleared, TINY),
        caught / np.maximum(caught + accused, TINY),
    )
    safe, hit = (
        (found_S[s] + GUESS_WEIGHT * np.clip(rates[s], 0.02, 0.98)) / (done_S[s] + GUESS_WEIGHT)
        for s in (0, 1)
    )
    return safe, hit
