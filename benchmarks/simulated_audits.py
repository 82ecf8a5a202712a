"""Simulated attempts whose truth is known, and two ways to audit them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from temper.stats.allocation import JudgeGuess, allocate, expected_rates
from temper.stats.proportion import Bools, Floats
from temper.stats.two_phase import Grouping, group

SMALLEST, LARGEST = 5, 20
"""Attempts of a cluster, drawn evenly."""
Ends = tuple[Floats, Floats]


@dataclass(frozen=True)
class Cell:
    sensitivity: float
    specificity: float
    rate: float
    correlation: float
    """Within a cluster, of the truth and, as much, of the judge's errors."""
    clusters: int = 40
    immune: bool = False
    """Attacks are wholly immune or alike, instead of spread by a beta distribution."""

    @property
    def judge(self) -> str:
        return f"{self.sensitivity:.2f} / {self.specificity:.2f}"


@dataclass(frozen=True)
class Drawn:
    """Simulated attempts of one layout of clusters."""

    truth_TN: Floats
    verdict_TN: Bools
    key_TN: Floats
    """Audits take the smallest first."""
    place_TN: NDArray[np.int64]
    """0, 1, ... by key within each verdict."""
    grouping: Grouping


def draw(cell: Cell, trials: int, generator: np.random.Generator) -> Drawn:
    code_N = np.repeat(
        np.arange(cell.clusters), generator.integers(SMALLEST, LARGEST + 1, cell.clusters)
    )

    def chances(mean: float, *, immune: bool = False) -> Floats:
        if not cell.correlation:
            return np.full((trials, len(code_N)), mean)
        if immune:
            other = mean + cell.correlation * (1 - mean)
            hit_TK = generator.random((trials, cell.clusters)) < mean / other
            return np.where(hit_TK, other, 0.0)[:, code_N]
        total = 1 / cell.correlation - 1
        return generator.beta(mean * total, (1 - mean) * total, (trials, cell.clusters))[:, code_N]

    truth_TN = generator.random((trials, len(code_N))) < chances(cell.rate, immune=cell.immune)
    called_TN = np.where(truth_TN, chances(cell.sensitivity), 1 - chances(cell.specificity))
    verdict_TN = generator.random(truth_TN.shape) < called_TN
    key_TN = generator.random(truth_TN.shape)
    order_TN = np.argsort(key_TN + verdict_TN, axis=1)
    place_TN = np.empty_like(order_TN)
    np.put_along_axis(place_TN, order_TN, np.arange(len(code_N))[None, :], axis=1)
    place_TN -= np.where(verdict_TN, (~verdict_TN).sum(axis=1)[:, None], 0)
    return Drawn(truth_TN.astype(np.float64), verdict_TN, key_TN, place_TN, group(code_N))


def random_audit(drawn: Drawn, audit: int) -> tuple[Bools, Floats]:
    attempts = drawn.key_TN.shape[1]
    size = min(audit, attempts)
    last_T = np.partition(drawn.key_TN, size - 1, axis=1)[:, size - 1]
    return drawn.key_TN <= last_T[:, None], np.full(drawn.key_TN.shape, size / attempts)


def planned_audit(drawn: Drawn, audit: int) -> tuple[Bools, Floats]:
    """As `draw_audit` does it: half of the answers by a guess, the rest by what they show."""
    guess, verdict_TN = JudgeGuess(), drawn.verdict_TN
    size_ST = np.stack([(~verdict_TN).sum(axis=1), verdict_TN.sum(axis=1)])
    raw_T, done_ST, found_ST = verdict_TN.mean(axis=1), 0 * size_ST, 0.0 * size_ST
    for total in (audit // 2, min(audit, verdict_TN.shape[1])):
        rate_ST = np.stack(expected_rates(raw_T, found_ST, done_ST, guess))
        weight_ST = size_ST * np.sqrt(rate_ST * (1 - rate_ST))
        least_ST = np.maximum(done_ST, np.minimum(size_ST, 10))
        done_ST = np.stack(allocate(np.array(total), weight_ST, least_ST, size_ST))
        audited_TN = drawn.place_TN < np.where(verdict_TN, done_ST[1][:, None], done_ST[0][:, None])
        true_TN = audited_TN & (drawn.truth_TN == 1)
        found_ST = np.stack(
            [(true_TN & ~verdict_TN).sum(axis=1), (true_TN & verdict_TN).sum(axis=1)]
        )
    chance_ST = done_ST / np.maximum(size_ST, 1)
    return audited_TN, np.where(verdict_TN, chance_ST[1][:, None], chance_ST[0][:, None])


def covered(ends: Ends, truth: Floats | float) -> Floats:
    # shares of the same attempts may differ by rounding alone
    return ((ends[0] <= truth + 1e-9) & (truth - 1e-9 <= ends[1])).astype(np.float64)


def percent(values: Floats | float) -> str:
    return f"{100 * float(np.mean(values)):.1f}"


def row(*cells: str) -> None:
    print("| " + " | ".join(cells) + " |", flush=True)
