"""Simulated watching of a rate from batch to batch, and simulated comparisons of pairs."""

from collections.abc import Sequence
from itertools import product

import numpy as np
from rival_intervals import around
from scipy import stats
from simulated_audits import Ends, covered, percent, row

from temper.stats.looks import bernoulli_sequence, mean_sequence
from temper.stats.paired import difference_bounds
from temper.stats.proportion import LEVEL, Floats, score_bounds


def sequences_table(trials: int, generator: np.random.Generator) -> None:
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


def report_sequence(
    data: str, name: str, rate: float, sequence: Sequence[Ends], fixed: Sequence[Ends]
) -> None:
    wrong, fixed_wrong = (
        1 - np.min([covered(ends, rate) for ends in looks], axis=0) for looks in (sequence, fixed)
    )
    widths = [f"{100 * (looks[-1][1] - looks[-1][0]).mean():.1f}" for looks in (sequence, fixed)]
    row(data, name, str(len(sequence)), percent(wrong), *widths, percent(fixed_wrong))


def student(values_TC: Floats) -> Ends:
    n = values_TC.shape[1]
    critical = float(stats.t.ppf(0.5 + LEVEL / 2, n - 1))
    return around(values_TC.mean(axis=1), critical, values_TC.var(axis=1, ddof=1) / n)


def paired_table(trials: int, generator: np.random.Generator) -> None:
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
