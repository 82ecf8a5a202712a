"""From points of context overload to figures: the curves with bands, and the law fitted to them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from temper.arithmetic.oracle import TARGETED
from temper.evaluate.clustered import Facets, Observed, clustered_rate
from temper.evaluate.overload import SUFFIXES, Point, by_filler, complete_doses
from temper.records import Rate
from temper.stats import fit_power_law, mean_band
from temper.stats.proportion import Estimate

MAJORITY, NATS = "arithmetic/majority", "log-probability"
ALL = "all"


def overload_rates(points: Sequence[Point], facets: Facets, *, seed: int) -> Iterator[Rate]:
    """For every filler, over all suffixes and then by suffix: both curves and the fitted law."""
    for filler, mine in by_filler(points):
        copies, ends = complete_doses(mine)
        if not copies:
            yield _no_curve(mine, {**facets, "filler": filler, "suffix": ALL}, ends)
            continue
        kept = [point for point in mine if point.copies in set(copies)]
        for suffix in (ALL, *SUFFIXES):
            chosen = [point for point in kept if suffix in (ALL, point.suffix)]
            full: Facets = {**facets, "filler": filler, "suffix": suffix}
            yield from _steered_curve(chosen, copies, full, ends)
            if all(point.false is not None for point in chosen):
                yield from _surprise_curve(chosen, copies, full, ends, seed)


def _no_curve(points: Sequence[Point], facets: Facets, ends: str | None) -> Rate:
    fewest = min(point.copies for point in points)
    full = {**facets, "n_copies": fewest}
    return Rate(name="overload.targeted", value=None, measure=TARGETED, note=ends, by=full)


def _steered_curve(
    points: Sequence[Point], copies: Sequence[int], facets: Facets, ends: str | None
) -> Iterator[Rate]:
    for number in copies:
        here = [point for point in points if point.copies == number]
        seen = [Observed(point.steered, "", str(point.problem)) for point in here]
        measure = MAJORITY if here[0].false is not None else TARGETED
        full = {**facets, "n_copies": number}
        yield replace(clustered_rate("overload.targeted", seen, full, measure), note=ends)


def surprise(points: Sequence[Point], copies: Sequence[int]) -> NDArray[np.float64]:
    """-log p(false answer) in nats, (problems, doses), averaged over the suffixes given."""
    problems = sorted({str(point.problem) for point in points})
    totals = np.zeros((len(problems), len(copies)))
    counts = np.zeros_like(totals)
    for point in points:
        place = problems.index(str(point.problem)), list(copies).index(point.copies)
        totals[place] -= point.false or 0.0
        counts[place] += 1
    return totals / counts


def _surprise_curve(
    points: Sequence[Point], copies: Sequence[int], facets: Facets, ends: str | None, seed: int
) -> Iterator[Rate]:
    values_PN = surprise(points, copies)

    def figure(name: str, estimate: Estimate, note: str | None, by: Facets) -> Rate:
        return Rate(
            name=name,
            value=estimate.value,
            low=estimate.interval.low,
            high=estimate.interval.high,
            n=len(points),
            cluster="problem",
            clusters=len(values_PN),
            note=note,
            by={**facets, **by},
        )

    for number, band in zip(copies, mean_band(values_PN, seed=seed), strict=True):
        yield figure("overload.surprise", band, ends, {"n_copies": number})
    if len(copies) < 3 or len(values_PN) < 2:
        return
    law = fit_power_law(np.array(copies, dtype=float), values_PN, seed=seed)
    note = None if law.falls else "the curve does not fall: the law says nothing here"
    for name in ("scale", "exponent", "floor"):
        yield figure(f"overload.law.{name}", getattr(law, name), note, {})
