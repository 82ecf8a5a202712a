"""What a measure is worth: per class, over all, and whether its probabilities can be believed."""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import numpy as np

from temper.establish.fit import Fitted
from temper.establish.measure import LearnedMeasure, Scores
from temper.establish.noise import as_labelled
from temper.establish.split import Ints, Labelled
from temper.records import Rate
from temper.stats.classification import (
    auroc,
    bootstrap_interval,
    brier,
    expected_calibration_error,
    macro,
    recalls,
    weighted_share,
)
from temper.stats.proportion import Estimate, Interval


class Subject(NamedTuple):
    """What goes into every figure of one evaluation."""

    split: str
    """"audit", "calibration" or "training" (cross-validated)."""
    judge: str
    """Where the labels come from that stand for the truth."""
    seed: int = 0
    note: str | None = None


def measure_rates(
    measure: LearnedMeasure, scores: Scores, items: Labelled, subject: Subject
) -> Iterator[Rate]:
    """Every figure of a measure on labelled items; totals before parts.

    Recall and precision are of the most probable label were all labels as frequent; AUROC, ECE and
    Brier score are of the calibrated P(failure). Sampling weights count everywhere; intervals are
    score intervals at the effective count, or resample near-duplicate clusters. Where labels are in
    doubt, ECE and Brier score hold them against P(the label is a failure).
    """
    if len(items) == 0:
        return
    failing_N = np.isin(items.classes_N, measure.failing)
    weights_N, said_N, value_N = items.weights_N, scores.said_N, scores.failure_N
    heard_N = as_labelled(value_N, items.doubt_N, len(measure.failing), len(measure.labels))

    def rate(name: str, value: float, interval: Interval | None, n: int, **by: str) -> Rate:
        return Rate(
            name=name,
            value=value,
            low=interval.low if interval else None,
            high=interval.high if interval else None,
            n=n,
            cluster="near-duplicate cluster",
            clusters=len(set(items.groups_N.tolist())),
            measure=measure.name,
            judge=subject.judge,
            note=subject.note,
            by={"split": subject.split, **by},
        )

    statistics: dict[str, Callable[[Ints], float | None]] = {
        "measure.macro_recall": lambda at: macro(
            recalls(said_N[at], items.classes_N[at], len(measure.labels))
        ),
        "measure.auroc": lambda at: auroc(value_N[at], failing_N[at], weights_N[at]),
        "measure.ece": lambda at: expected_calibration_error(
            heard_N[at], failing_N[at], weights_N[at]
        ),
        "measure.brier": lambda at: brier(heard_N[at], failing_N[at], weights_N[at]),
    }
    everything = np.arange(len(items))
    for name, statistic in statistics.items():
        value = statistic(everything)
        if value is not None:
            interval = bootstrap_interval(statistic, items.groups_N, seed=subject.seed)
            yield rate(name, value, interval, len(items))
    for name, label, share, n in _shares(measure, scores, items):
        if share is not None:
            yield rate(name, share.value, share.interval, n, label=label)
    yield from _abstentions(measure, value_N, rate, len(items))


def _shares(
    measure: LearnedMeasure, scores: Scores, items: Labelled
) -> Iterator[tuple[str, str, Estimate | None, int]]:
    """Recall and precision of each label, then of a hit."""
    for place, label in enumerate(measure.labels):
        true_N, said_N = items.classes_N == place, scores.said_N == place
        recall = weighted_share(said_N[true_N], items.weights_N[true_N])
        precision = weighted_share(true_N[said_N], items.weights_N[said_N])
        yield "measure.recall", label, recall, int(true_N.sum())
        yield "measure.precision", label, precision, int(said_N.sum())
    true_N = np.isin(items.classes_N, measure.failing)
    hit_N = np.array([measure.outcome(float(value)) == "hit" for value in scores.failure_N])
    recall = weighted_share(hit_N[true_N], items.weights_N[true_N])
    precision = weighted_share(true_N[hit_N], items.weights_N[hit_N])
    yield "measure.hit_recall", "failure", recall, int(true_N.sum())
    yield "measure.hit_precision", "failure", precision, int(hit_N.sum())


def _abstentions(
    measure: LearnedMeasure,
    value_N: "np.ndarray[tuple[int], np.dtype[np.float64]]",
    rate: Callable[..., Rate],
    n: int,
) -> Iterator[Rate]:
    if measure.abstain is None:
        return
    unknown_N = np.array([measure.outcome(float(value)) == "unknown" for value in value_N])
    share = weighted_share(unknown_N, np.ones(n))
    if share is not None:
        yield rate("measure.abstained", share.value, share.interval, n)


def training_rates(fitted: Fitted, judge: str) -> Iterator[Rate]:
    """Cross-validated figures of the training items, of each kind of features, of the curve."""
    training = fitted.parts.training
    common: Mapping[str, object] = {"measure": fitted.measure.name, "judge": judge}
    for tried in fitted.tried:
        by = {"split": "training", "features": tried.name}
        for name, value in (("macro_recall", tried.macro_recall), ("auroc", tried.auroc)):
            if value is not None:
                yield Rate(
                    name=f"measure.{name}",
                    value=value,
                    n=len(training),
                    by={**by, "strength": tried.strength},
                    note="cross-validated; the best strength of each kind was chosen on it",
                    **common,  # type: ignore[arg-type]
                )
    for point in fitted.curve:
        yield Rate(
            name="measure.macro_recall",
            value=point.macro_recall,
            n=len(training),
            by={"split": "training", "labels": point.labels},
            note="cross-validated on the training items",
            **common,  # type: ignore[arg-type]
        )
