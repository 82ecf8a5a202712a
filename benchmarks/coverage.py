"""Simulated coverage of every interval that a reader is asked to trust, beside its rivals.

python benchmarks/coverage.py [--trials 2000] [--seed 0] [TABLE...]

TABLE: corrected, accuracy, rivals, resampling, sequences, paired; all of them if none is named. A
cell draws its own attempts; its three audits and two ways to draw them share those.
"""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from temper.stats.allocation import JudgeGuess, allocate, expected_rates
from temper.stats.intervals import clusters_worth, new_attacks, these_attempts
from temper.stats.judge import rogan_gladen_of
from temper.stats.looks import bernoulli_sequence, mean_sequence
from temper.stats.paired import difference_bounds
from temper.stats.proportion import LEVEL, NORMAL, Bools, Floats, score_bounds
from temper.stats.two_phase import Grouping, TwoPhase, group, summarise

JUDGES = (
    (0.6, 0.7),
    (0.6, 0.99),
    (0.8, 0.8),
    (0.92, 0.39),
    (0.99, 0.39),
    (0.99, 0.7),
    (0.99, 0.99),
)
"""Sensitivity and specificity."""
RATES = (0.05, 0.1, 0.3, 0.5, 0.7, 0.9)
CORRELATIONS = (0.0, 0.1, 0.3)
"""Within a cluster, of the truth and, as much, of the judge's errors."""
AUDITS = (100, 200, 400)
WAYS = ("random", "planned")
CLUSTERS, SMALLEST, LARGEST = 40, 5, 20
CHUNK = 250
"""Trials drawn at once; they share the sizes of their clusters."""
Ends = tuple[Floats, Floats]


@dataclass(frozen=True)
class Cell:
    sensitivity: float
    specificity: float
    rate: float
    correlation: float

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


Figures = dict[str, Floats]
"""Name of a figure to its value in every trial."""
Results = dict[tuple[Cell, int, str], Figures]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tables", nargs="*", metavar="TABLE", help=", ".join(TABLES))
    parser.add_argument("--trials", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    names = options.tables or list(TABLES)
    needed = {"corrected", "accuracy", "rivals"} & set(names)
    results = simulate(options.trials, options.seed) if needed else {}
    for name in names:
        print(f"\n### {name}\n")
        TABLES[name](results, options.trials, np.random.default_rng(options.seed))


def simulate(trials: int, seed: int) -> Results:
    results: Results = {}
    for number, (judge, rate, correlation) in enumerate(product(JUDGES, RATES, CORRELATIONS)):
        cell, generator = Cell(*judge, rate, correlation), np.random.default_rng((seed, number))
        chunks = [draw(cell, size, generator) for size in _sizes(trials)]
        for audit, way in product(AUDITS, WAYS):
            parts = [measure(cell, drawn, audit, way) for drawn in chunks]
            names = parts[0]
            results[cell, audit, way] = {
                name: np.concatenate([part[name] for part in parts]) for name in names
            }
    return results


def _sizes(trials: int) -> list[int]:
    return [min(CHUNK, trials - start) for start in range(0, trials, CHUNK)]


def draw(cell: Cell, trials: int, generator: np.random.Generator) -> Drawn:
    code_N = np.repeat(np.arange(CLUSTERS), generator.integers(SMALLEST, LARGEST + 1, CLUSTERS))

    def chances(mean: float) -> Floats:
        if not cell.correlation:
            return np.full((trials, len(code_N)), mean)
        total = 1 / cell.correlation - 1
        return generator.beta(mean * total, (1 - mean) * total, (trials, CLUSTERS))[:, code_N]

    truth_TN = generator.random((trials, len(code_N))) < chances(cell.rate)
    called_TN = np.where(truth_TN, chances(cell.sensitivity), 1 - chances(cell.specificity))
    verdict_TN = generator.random(truth_TN.shape) < called_TN
    key_TN = generator.random(truth_TN.shape)
    order_TN = np.argsort(key_TN + verdict_TN, axis=1)
    place_TN = np.empty_like(order_TN)
    np.put_along_axis(place_TN, order_TN, np.arange(len(code_N))[None, :], axis=1)
    place_TN -= np.where(verdict_TN, (~verdict_TN).sum(axis=1)[:, None], 0)
    return Drawn(truth_TN.astype(np.float64), verdict_TN, key_TN, place_TN, group(code_N))


def measure(cell: Cell, drawn: Drawn, audit: int, way: str) -> Figures:
    """Audit, correct, and compare with the truth that was put in."""
    audited_TN, inclusion_TN = (random_audit if way == "random" else planned_audit)(drawn, audit)
    seen_TN = np.where(audited_TN, drawn.truth_TN, np.nan)
    two = summarise(drawn.verdict_TN, seen_TN, inclusion_TN, [drawn.grouping])
    figures = {
        "error": two.value_T - cell.rate,
        "raw error": drawn.verdict_TN.mean(axis=1) - cell.rate,
        "these attempts": covered(these_attempts(two), drawn.truth_TN.mean(axis=1)),
    }
    methods = {"temper": new_attacks(two)}
    if way == "random":
        methods |= rivals(drawn, seen_TN, inclusion_TN, two)
    for name, ends in methods.items():
        figures[name] = covered(ends, cell.rate)
        figures[name + " width"] = ends[1] - ends[0]
    return figures


def covered(ends: Ends, truth: Floats | float) -> Floats:
    # shares of the same attempts may differ by rounding alone
    return ((ends[0] <= truth + 1e-9) & (truth - 1e-9 <= ends[1])).astype(np.float64)


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


def rivals(drawn: Drawn, seen_TN: Floats, inclusion_TN: Floats, two: TwoPhase) -> dict[str, Ends]:
    """Other intervals from the same audit, a simple random sample."""
    starts_K, verdict_TN = drawn.grouping.starts_K, drawn.verdict_TN.astype(np.float64)
    attempts, audited_TN = verdict_TN.shape[1], ~np.isnan(seen_TN)
    audit, critical = int(audited_TN[0].sum()), float(stats.t.ppf(0.5 + LEVEL / 2, CLUSTERS - 1))
    scale = CLUSTERS / (CLUSTERS - 1) / attempts**2
    # prediction-powered inference as ppi-python has it, for independent attempts
    tuning_T, middle_T, imputed_T, rectifier_T = prediction_powered(verdict_TN, seen_TN, audit)
    shared_TK = np.add.reduceat(verdict_TN - two.share_ST[1][:, None], starts_K, axis=1)
    clustered_T = tuning_T**2 * (shared_TK**2).sum(axis=1) * scale
    # one cluster-robust variance of the whole estimate
    own_TN = np.where(drawn.verdict_TN, two.rate_ST[1][:, None], two.rate_ST[0][:, None])
    counts_ST = np.stack(
        [(audited_TN & ~drawn.verdict_TN).sum(axis=1), (audited_TN & drawn.verdict_TN).sum(axis=1)]
    )
    weight_ST = two.share_ST * attempts / np.maximum(counts_ST, 1)
    weight_TN = np.where(drawn.verdict_TN, weight_ST[1][:, None], weight_ST[0][:, None])
    influence_TN = (
        own_TN - two.value_T[:, None] + weight_TN * np.where(audited_TN, seen_TN - own_TN, 0)
    )
    robust_T = (np.add.reduceat(influence_TN, starts_K, axis=1) ** 2).sum(axis=1) * scale
    spread_T = two.value_T * (1 - two.value_T)
    effective_T = np.where(spread_T > 0, spread_T / np.maximum(robust_T, 1e-12), CLUSTERS)
    told = summarise(drawn.verdict_TN, verdict_TN, np.ones(verdict_TN.shape), [drawn.grouping])
    return {
        "ppi-python": around(middle_T, NORMAL, imputed_T + rectifier_T),
        "the same, clusters in the big sample": around(middle_T, NORMAL, clustered_T + rectifier_T),
        "cluster-robust t": around(two.value_T, critical, robust_T),
        "score at the effective n": score_bounds(two.value_T, effective_T, critical),
        "Rogan-Gladen": rogan_gladen_of(
            drawn.verdict_TN, seen_TN, inclusion_TN, clusters_worth(told), two
        )[1:],
    }


def around(middle_T: Floats, critical: float, variance_T: Floats) -> Ends:
    return middle_T - critical * np.sqrt(variance_T), middle_T + critical * np.sqrt(variance_T)


def prediction_powered(
    verdict_TN: Floats, seen_TN: Floats, audit: int
) -> tuple[Floats, Floats, Floats, Floats]:
    """Tuning, estimate and both variances of `ppi_py.ppi_mean_ci`, for many trials at once."""
    audited_TN = ~np.isnan(seen_TN)
    others = verdict_TN.shape[1] - audit
    truth_TN, told_TN = np.where(audited_TN, seen_TN, 0), np.where(audited_TN, verdict_TN, 0)
    truth_T, told_T = truth_TN.sum(axis=1) / audit, told_TN.sum(axis=1) / audit
    other_T = (verdict_TN.sum(axis=1) - told_T * audit) / max(others, 1)
    covariance_T = (truth_TN * told_TN).sum(axis=1) / audit - truth_T * told_T
    variance_T = (1 + audit / max(others, 1)) * verdict_TN.var(axis=1, ddof=1)
    tuning_T = np.clip(covariance_T / np.maximum(variance_T, 1e-12), 0, 1)
    middle_T = tuning_T * other_T + truth_T - tuning_T * told_T
    square_T = ((truth_TN - tuning_T[:, None] * told_TN) ** 2).sum(axis=1) / audit
    rectifier_T = (square_T - (truth_T - tuning_T * told_T) ** 2) / audit
    return tuning_T, middle_T, tuning_T**2 * other_T * (1 - other_T) / max(others, 1), rectifier_T


def corrected_table(results: Results, trials: int, generator: np.random.Generator) -> None:
    """Coverage in % of both estimands, by judge, rate and correlation."""
    columns = list(product(AUDITS, WAYS))
    heads = [f"{audit} {way}" for audit, way in columns]
    row("judge", "rate", "correlation", *heads)
    row(*["---"] * (3 + len(heads)))
    for cell in dict.fromkeys(cell for cell, _, _ in results):
        both = [
            f"{percent(found['temper'])} / {percent(found['these attempts'])}"
            for found in (results[cell, audit, way] for audit, way in columns)
        ]
        row(cell.judge, f"{100 * cell.rate:.0f}", f"{cell.correlation:g}", *both)
    for name in ("temper", "these attempts"):
        lowest = min(float(found[name].mean()) for found in results.values())
        print(f"\nLowest of {len(results)} cells, {name}: {100 * lowest:.1f} %.")


def accuracy_table(results: Results, trials: int, generator: np.random.Generator) -> None:
    """Bias and mean absolute error in points at specificity .39, over correlations and ways."""
    row("judge", "rate", "correlation", "raw", *(f"{audit}: bias, error" for audit in AUDITS))
    row(*["---"] * (4 + len(AUDITS)))
    for cell in dict.fromkeys(cell for cell, _, _ in results if cell.specificity == 0.39):
        found = [
            np.concatenate([results[cell, audit, way]["error"] for way in WAYS]) for audit in AUDITS
        ]
        raw = results[cell, AUDITS[0], WAYS[0]]["raw error"]
        row(
            cell.judge,
            f"{100 * cell.rate:.0f}",
            f"{cell.correlation:g}",
            f"{100 * raw.mean():+.1f}",
            *(f"{100 * error.mean():+.2f}, {100 * abs(error).mean():.1f}" for error in found),
        )


def rivals_table(results: Results, trials: int, generator: np.random.Generator) -> None:
    """Every interval for new attacks over all cells of a simple random audit."""
    print(check_against_ppi_python(generator) + "\n")
    cells = [found for (_, _, way), found in results.items() if way == "random"]
    row("interval", "lowest coverage", "cells under 93 %", "mean coverage", "mean width")
    row(*["---"] * 5)
    for name in [name.removesuffix(" width") for name in cells[0] if name.endswith(" width")]:
        coverage = np.array([found[name].mean() for found in cells])
        width = np.mean([found[name + " width"].mean() for found in cells])
        below = f"{(coverage < 0.93).sum()} of {len(cells)}"
        row(name, percent(coverage.min()), below, percent(coverage), f"{100 * width:.1f}")


def check_against_ppi_python(generator: np.random.Generator) -> str:
    try:
        from ppi_py import ppi_mean_ci
    except ImportError as error:
        return f"ppi-python itself was not run ({error}); its column is our copy of its formula."
    drawn, worst = draw(Cell(0.8, 0.8, 0.3, 0.1), 20, generator), 0.0
    audited_TN, _ = random_audit(drawn, 200)
    verdict_TN = drawn.verdict_TN.astype(np.float64)
    _, middle_T, imputed_T, rectifier_T = prediction_powered(
        verdict_TN, np.where(audited_TN, drawn.truth_TN, np.nan), 200
    )
    low_T, high_T = around(middle_T, NORMAL, imputed_T + rectifier_T)
    for place, seen_N in enumerate(audited_TN):
        low, high = ppi_mean_ci(
            drawn.truth_TN[place][seen_N],
            verdict_TN[place][seen_N],
            verdict_TN[place][~seen_N],
            alpha=0.05,
        )
        worst = max(worst, abs(float(low[0]) - low_T[place]), abs(float(high[0]) - high_T[place]))
    return f"Our copy of its formula against ppi-python, 20 draws: largest difference {worst:.0e}."


def resampling_table(results: Results, trials: int, generator: np.random.Generator) -> None:
    """Bootstraps of clusters and a test inversion, in the cells where intervals differ most."""
    row(
        "judge",
        "rate",
        "correlation",
        "audit",
        *("percentile", "bootstrap-t", "inverted test", "temper"),
    )
    row(*["---"] * 8)
    for judge, rate, correlation, audit in product(
        ((0.6, 0.7), (0.99, 0.39), (0.99, 0.99)), (0.05, 0.3, 0.9), (0.0, 0.3), (100, 400)
    ):
        cell = Cell(*judge, rate, correlation)
        cells: list[str] = []
        found: dict[str, list[Floats]] = {}
        for size in [50] * max(trials // 200, 1):
            drawn = draw(cell, size, generator)
            audited_TN, inclusion_TN = random_audit(drawn, audit)
            seen_TN = np.where(audited_TN, drawn.truth_TN, np.nan)
            two = summarise(drawn.verdict_TN, seen_TN, inclusion_TN, [drawn.grouping])
            methods = bootstraps(drawn, seen_TN, generator)
            methods |= {"inverted": inverted(two), "temper": new_attacks(two)}
            for name, ends in methods.items():
                found.setdefault(name, []).append(covered(ends, rate))
                found.setdefault(name + " width", []).append(ends[1] - ends[0])
        for name in methods:
            cover, width = np.concatenate(found[name]), np.concatenate(found[name + " width"])
            cells.append(f"{percent(cover)}, {100 * width.mean():.1f}")
        row(cell.judge, f"{100 * rate:.0f}", f"{correlation:g}", str(audit), *cells)


def bootstraps(drawn: Drawn, seen_TN: Floats, generator: np.random.Generator) -> dict[str, Ends]:
    """Percentile and studentised bootstrap of whole clusters; R resamples serve all trials."""
    starts_K = drawn.grouping.starts_K
    audited_TN, hit_TN = ~np.isnan(seen_TN), drawn.verdict_TN
    columns = [~hit_TN, hit_TN, audited_TN & ~hit_TN, audited_TN & hit_TN]
    columns += [(seen_TN == 1) & ~hit_TN, (seen_TN == 1) & hit_TN]
    sums_XTK = np.stack(
        [np.add.reduceat(column_TN.astype(np.float64), starts_K, axis=1) for column_TN in columns]
    )
    times_RK = generator.multinomial(CLUSTERS, np.full(CLUSTERS, 1 / CLUSTERS), 400).astype(
        np.float64
    )
    value_T, error_T = [found[0] for found in resampled(sums_XTK, np.ones((1, CLUSTERS)))]
    value_RT, error_RT = resampled(sums_XTK, times_RK)
    tails = ((1 - LEVEL) / 2, (1 + LEVEL) / 2)
    low_T, high_T = np.quantile(value_RT, tails, axis=0)
    student_RT = (value_RT - value_T) / np.maximum(error_RT, 1e-9)
    under_T, over_T = np.quantile(student_RT, tails, axis=0)
    ends = (np.maximum(value_T - over_T * error_T, 0), np.minimum(value_T - under_T * error_T, 1))
    return {"percentile": (low_T, high_T), "bootstrap-t": ends}


def resampled(sums_XTK: Floats, times_RK: Floats) -> tuple[Floats, Floats]:
    """Estimate and cluster-robust standard error with each cluster counted so many times."""
    all_SRT, audited_SRT, true_SRT = np.einsum("xtk,rk->xrt", sums_XTK, times_RK).reshape(
        3, 2, len(times_RK), -1
    )
    rate_SRT = true_SRT / np.maximum(audited_SRT, 1)
    value_RT = (all_SRT * rate_SRT).sum(axis=0) / all_SRT.sum(axis=0)
    part_STK = sums_XTK.reshape(3, 2, *sums_XTK.shape[1:])
    square_RT = np.zeros_like(value_RT)
    for r, times_K in enumerate(times_RK):
        weight_ST = all_SRT[:, r] / np.maximum(audited_SRT[:, r], 1)
        rate_ST = rate_SRT[:, r]
        influence_TK = (
            (rate_ST - value_RT[r])[:, :, None] * part_STK[0]
            + weight_ST[:, :, None] * (part_STK[2] - rate_ST[:, :, None] * part_STK[1])
        ).sum(axis=0)
        square_RT[r] = (influence_TK**2 * times_K).sum(axis=1)
    return value_RT, np.sqrt(square_RT * CLUSTERS / (CLUSTERS - 1)) / all_SRT.sum(axis=0)


def inverted(two: TwoPhase) -> Ends:
    """All rates that a score test does not refute, its variance taken at the rate tested."""
    critical_T = np.asarray(stats.t.ppf(0.5 + LEVEL / 2, two.freedom_T))
    smooth_ST = (two.rate_ST * two.audited_ST + 1) / (two.audited_ST + 2)
    error_ST = two.share_ST * smooth_ST * (1 - smooth_ST) / np.maximum(two.audited_ST, 1e-9)
    slope_ST = error_ST / (two.share_ST * error_ST).sum(axis=0)
    low_T, high_T = two.value_T.copy(), two.value_T.copy()
    for rate in np.linspace(0, 1, 401):
        rate_ST = np.clip(two.rate_ST + (rate - two.value_T) * slope_ST, 0, 1)
        within_ST = two.share_ST**2 * rate_ST * (1 - rate_ST) / np.maximum(two.audited_ST, 1e-9)
        variance_T = within_ST.sum(axis=0) + rate * (1 - rate) / clusters_worth(two)
        kept_T = (two.value_T - rate) ** 2 <= critical_T**2 * variance_T
        low_T = np.where(kept_T, np.minimum(low_T, rate), low_T)
        high_T = np.where(kept_T, np.maximum(high_T, rate), high_T)
    return low_T, high_T


def sequences_table(results: Results, trials: int, generator: np.random.Generator) -> None:
    """Share of runs in which any look was wrong, and the price in width at the last look."""
    row(
        "data",
        "sequence",
        "looks",
        "runs wrong at any look",
        "width at the end",
        "fixed-n width",
        "fixed-n wrong at any look",
    )
    row(*["---"] * 7)
    for rate in (0.05, 0.2, 0.5):
        hits_TN = generator.random((trials, 1000)) < rate
        clusters_TC = (
            generator.binomial(
                10, generator.beta(rate / 0.3 * 0.7, (1 - rate) / 0.3 * 0.7, (trials, 100))
            )
            / 10
        )
        looks = range(20, 1001, 20)
        totals = [
            (hits_TN[:, :n].sum(axis=1).astype(np.float64), np.full(trials, float(n)))
            for n in looks
        ]
        report_sequence(
            f"independent, {100 * rate:.0f} %",
            "Robbins' mixture",
            rate,
            [bernoulli_sequence(*total) for total in totals],
            [score_bounds(hits_T / n_T, n_T) for hits_T, n_T in totals],
        )
        looks = range(10, 101, 10)
        report_sequence(
            f"100 clusters of 10, {100 * rate:.0f} %",
            "betting on cluster means",
            rate,
            [mean_sequence(clusters_TC[:, :n]) for n in looks],
            [student(clusters_TC[:, :n]) for n in looks],
        )
        report_sequence(
            f"100 clusters of 10, {100 * rate:.0f} %",
            "Robbins' mixture, wrong unit",
            rate,
            [
                bernoulli_sequence(10 * clusters_TC[:, :n].sum(axis=1), np.full(trials, 10.0 * n))
                for n in looks
            ],
            [student(clusters_TC[:, :n]) for n in looks],
        )


def student(values_TC: Floats) -> Ends:
    n = values_TC.shape[1]
    critical = float(stats.t.ppf(0.5 + LEVEL / 2, n - 1))
    return around(values_TC.mean(axis=1), critical, values_TC.var(axis=1, ddof=1) / n)


def report_sequence(
    data: str, name: str, rate: float, sequence: Sequence[Ends], fixed: Sequence[Ends]
) -> None:
    wrong, fixed_wrong = (
        1 - np.min([covered(ends, rate) for ends in looks], axis=0) for looks in (sequence, fixed)
    )
    widths = [f"{100 * (looks[-1][1] - looks[-1][0]).mean():.1f}" for looks in (sequence, fixed)]
    row(data, name, str(len(sequence)), percent(wrong), *widths, percent(fixed_wrong))


def paired_table(results: Results, trials: int, generator: np.random.Generator) -> None:
    """Coverage and width of intervals for the difference after less before, over attacks."""
    row(
        "attacks",
        "attempts each",
        "before → after",
        "percentile bootstrap",
        "Student's t",
        "temper",
    )
    row(*["---"] * 6)
    pairs = ((0.5, 0.5), (0.5, 0.3), (0.9, 0.6), (0.1, 0.02), (0.05, 0.05), (0.95, 0.9))
    for attacks, attempts, (before, after) in product((20, 40, 100), (1, 3, 10), pairs):
        difference_TA = paired_differences(trials, attacks, attempts, before, after, generator)
        few = difference_TA[: trials // 4]
        picked = generator.integers(0, attacks, (400, attacks))
        resampled_RT = few[:, picked].mean(axis=2).T
        methods: list[Ends] = [
            tuple(np.quantile(resampled_RT, [0.025, 0.975], axis=0)),
            student(difference_TA),
            difference_bounds(difference_TA, attempts),
        ]
        cells = [
            f"{percent(covered(ends, after - before))}, {100 * (ends[1] - ends[0]).mean():.1f}"
            for ends in methods
        ]
        row(str(attacks), str(attempts), f"{100 * before:.0f} → {100 * after:.0f}", *cells)


def paired_differences(
    trials: int,
    attacks: int,
    attempts: int,
    before: float,
    after: float,
    generator: np.random.Generator,
) -> Floats:
    """Attacks differ (correlation .3), and seven of ten keep their rank from before to after."""
    total = 1 / 0.3 - 1
    rank_TA, other_TA = generator.random((2, trials, attacks))
    kept_TA = np.where(generator.random(rank_TA.shape) < 0.7, rank_TA, other_TA)
    hits = [
        generator.binomial(attempts, stats.beta.ppf(place_TA, mean * total, (1 - mean) * total))
        for place_TA, mean in ((rank_TA, before), (kept_TA, after))
    ]
    return (hits[1] - hits[0]) / attempts


def percent(values: Floats | float) -> str:
    return f"{100 * float(np.mean(values)):.1f}"


def row(*cells: str) -> None:
    print("| " + " | ".join(cells) + " |", flush=True)


TABLES: dict[str, Callable[[Results, int, np.random.Generator], None]] = {
    "corrected": corrected_table,
    "accuracy": accuracy_table,
    "rivals": rivals_table,
    "resampling": resampling_table,
    "sequences": sequences_table,
    "paired": paired_table,
}

if __name__ == "__main__":
    main()
