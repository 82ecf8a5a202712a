"""Attempts whose truth is known, for the tests of what should find it."""

from dataclasses import dataclass

import numpy as np

from temper.stats.proportion import Bools, Floats
from temper.stats.two_phase import Grouping, group


@dataclass(frozen=True)
class Attempts:
    """T collections of attempts on 40 attacks, of one layout."""

    truth_TN: Bools
    verdict_TN: Bools
    attack_N: list[int]
    grouping: Grouping

    def audited(self, size: int, generator: np.random.Generator) -> tuple[Floats, Floats]:
        """Truths of a simple random sample, the rest not a number; and the chances."""
        key_TN = generator.random(self.truth_TN.shape)
        seen_TN = key_TN <= np.sort(key_TN, axis=1)[:, size - 1 : size]
        chance_TN = np.full(key_TN.shape, size / key_TN.shape[1])
        return np.where(seen_TN, self.truth_TN.astype(np.float64), np.nan), chance_TN


def attempts(
    generator: np.random.Generator,
    *,
    trials: int = 1,
    attacks: int = 40,
    rate: float = 0.3,
    judge: tuple[float, float] = (0.92, 0.39),
    correlation: float = 0.1,
) -> Attempts:
    code_N = np.repeat(np.arange(attacks), generator.integers(5, 21, attacks))
    total = 1 / correlation - 1
    chance_TK = generator.beta(rate * total, (1 - rate) * total, (trials, attacks))
    truth_TN = generator.random((trials, len(code_N))) < chance_TK[:, code_N]
    called_TN = np.where(truth_TN, judge[0], 1 - judge[1])
    verdict_TN = generator.random(truth_TN.shape) < called_TN
    return Attempts(truth_TN, verdict_TN, code_N.tolist(), group(code_N))
