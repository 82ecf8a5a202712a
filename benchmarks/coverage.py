"""Simulated coverage of every interval that a reader is asked to trust, beside its rivals.

python benchmarks/coverage.py [--trials 2000] [--seed 0] [TABLE...]

TABLE: corrected, accuracy, rivals, resampling, limits, sequences, paired; all if none is named. A
cell draws its own attempts; its three audits and two ways to draw them share those.
"""

import argparse
from collections.abc import Callable
from itertools import product

import numpy as np
from rival_intervals import bootstraps, check_against_ppi_python, inverted, rivals
from simulated_audits import (
    Cell,
    Drawn,
    covered,
    draw,
    percent,
    planned_audit,
    random_audit,
    row,
)
from simulated_looks import paired_table, sequences_table

from temper.stats.intervals import new_attacks, these_attempts
from temper.stats.proportion import Floats
from temper.stats.two_phase import summarise

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
AUDITS = (100, 200, 400)
WAYS = ("random", "planned")
LIMITS = {
    "20 attacks": [(Cell(0.8, 0.8, rate, 0.3, clusters=20), 200) for rate in (0.1, 0.5, 0.9)],
    "100 attacks": [(Cell(0.8, 0.8, rate, 0.3, clusters=100), 200) for rate in (0.1, 0.5, 0.9)],
    "audit of 30": [(Cell(0.8, 0.8, rate, 0.1), 30) for rate in (0.1, 0.5, 0.9)],
    "audit of 50": [(Cell(0.8, 0.8, rate, 0.1), 50) for rate in (0.1, 0.5, 0.9)],
    "some attacks wholly immune": [
        (Cell(0.8, 0.8, rate, 0.3, immune=True), 400) for rate in (0.1, 0.5, 0.9)
    ],
}
"""Beyond the contract: where the intervals begin to fail."""
CHUNK = 250
"""Trials drawn at once; they share the sizes of their clusters."""
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
            results[cell, audit, way] = join(parts)
    return results


def join(parts: list[Figures]) -> Figures:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _sizes(trials: int) -> list[int]:
    return [min(CHUNK, trials - start) for start in range(0, trials, CHUNK)]


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


def resampling_table(results: Results, trials: int, generator: np.random.Generator) -> None:
    """Bootstraps of clusters and a test inversion, in the cells where intervals differ most."""
    names = ("percentile", "bootstrap-t", "inverted test", "temper")
    row("judge", "rate", "correlation", "audit", *(f"{name}: coverage, width" for name in names))
    row(*["---"] * 8)
    judges = ((0.6, 0.7), (0.99, 0.39), (0.99, 0.99))
    for judge, rate, correlation, audit in product(
        judges, (0.05, 0.3, 0.9), (0.0, 0.3), (100, 400)
    ):
        cell = Cell(*judge, rate, correlation)
        parts: list[Figures] = []
        for _ in range(max(trials // 200, 1)):
            drawn, figures = draw(cell, 50, generator), dict[str, Floats]()
            audited_TN, inclusion_TN = random_audit(drawn, audit)
            seen_TN = np.where(audited_TN, drawn.truth_TN, np.nan)
            two = summarise(drawn.verdict_TN, seen_TN, inclusion_TN, [drawn.grouping])
            methods = (*bootstraps(drawn, seen_TN, generator), inverted(two), new_attacks(two))
            for name, ends in zip(names, methods, strict=True):
                figures[name], figures[name + " width"] = covered(ends, rate), ends[1] - ends[0]
            parts.append(figures)
        found = join(parts)
        cells = [f"{percent(found[name])}, {percent(found[name + ' width'])}" for name in names]
        row(cell.judge, f"{100 * rate:.0f}", f"{correlation:g}", str(audit), *cells)


def limits_table(results: Results, trials: int, generator: np.random.Generator) -> None:
    row("where", "rate", "new attacks", "these attempts", "mean width for new attacks")
    row(*["---"] * 5)
    for where, cells in LIMITS.items():
        for cell, audit in cells:
            drawn = [draw(cell, size, generator) for size in _sizes(trials)]
            found = join([measure(cell, chunk, audit, "random") for chunk in drawn])
            coverage = [percent(found[name]) for name in ("temper", "these attempts")]
            width = f"{100 * found['temper width'].mean():.1f}"
            row(where, f"{100 * cell.rate:.0f}", *coverage, width)


TABLES: dict[str, Callable[[Results, int, np.random.Generator], None]] = {
    "corrected": corrected_table,
    "accuracy": accuracy_table,
    "rivals": rivals_table,
    "resampling": resampling_table,
    "limits": limits_table,
    "sequences": lambda _, trials, generator: sequences_table(trials, generator),
    "paired": lambda _, trials, generator: paired_table(trials, generator),
}

if __name__ == "__main__":
    main()
