"""From labelled items to a calibrated measure, and everything that its figures need."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from temper.config import EstablishConfig
from temper.establish.calibrate import Calibrator, fit_balance, fit_isotonic, fit_temperature
from temper.establish.ensemble import (
    Choice,
    LinearEnsemble,
    Trained,
    Tried,
    choose_features,
    cross_validate,
    score_left_out,
    train_members,
)
from temper.establish.features import Candidate
from temper.establish.measure import LearnedMeasure
from temper.establish.split import Labelled, Parts, check_classes, folds_of
from temper.establish.tuned import Tuning, tune_members
from temper.protocols import Reporter, Silent
from temper.records import Guideline
from temper.stats.classification import macro, recalls
from temper.text.linear import Floats

CURVE = (1 / 8, 1 / 4, 1 / 2, 1.0)
"""Shares of the training labels that the learning curve is drawn at."""


class CurvePoint(NamedTuple):
    labels: int
    macro_recall: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """A measure and how it came about."""

    measure: LearnedMeasure
    parts: Parts
    features: str
    """The kind of features that was chosen."""
    tried: Sequence[Tried]
    members: Sequence[Trained]
    left_out_NK: Floats
    """Of the training items, class-balanced, by classifiers that did not see their fold."""
    curve: Sequence[CurvePoint]
    """Empty where members were fine-tuned."""


def fit_measure(
    parts: Parts,
    guideline: Guideline,
    candidates: Sequence[Candidate],
    settings: EstablishConfig,
    *,
    name: str,
    seed: int,
    reporter: Reporter | None = None,
) -> Fitted:
    """Choose features, train the members, calibrate. The audit slice is not looked at.

    Raises:
        MeasureError: too few labels of a class, or none to calibrate on.
    """
    training, labels = parts.training, guideline.trained
    check_classes(training, labels, settings.members)
    failing = [place for place, label in enumerate(labels) if label in guideline.failure]
    tried: list[Tried] = []
    choice: Choice | None = None
    if candidates:
        choice = choose_features(
            candidates,
            training,
            classes=len(labels),
            failure=failing,
            strengths=settings.strengths,
            folds=settings.members,
            seed=seed,
            reporter=reporter or Silent(),
        )
        tried = choice.tried
    tuning = _tuned(training, settings, len(labels), seed)
    if tuning is not None:
        scored = score_left_out(
            "finetune", settings.learning_rate, tuning.left_out_NK, training.classes_N, failing
        )
        tried = sorted([*tried, scored], key=lambda one: -one.score)
    curve: list[CurvePoint] = []
    if tuning is not None and tried[0].name == "finetune":
        classifier, left_out_NK, reports = tuning.ensemble, tuning.left_out_NK, tuning.reports
    else:
        assert choice is not None
        linears, reports = train_members(
            choice.matrix_NF,
            training,
            classes=len(labels),
            strength=choice.strength,
            members=settings.members,
            recall_floor=settings.recall_floor,
            balance=fit_balance(choice.left_out_NK, training.classes_N),
            seed=seed,
        )
        classifier, left_out_NK = (
            LinearEnsemble(choice.features, tuple(linears)),
            choice.left_out_NK,
        )
        curve = learning_curve(choice, training, len(labels), settings.members, seed)
    balance = fit_balance(left_out_NK, training.classes_N)
    balanced_NK = balance.probabilities(classifier.probabilities(parts.calibration.texts), failing)
    measure = LearnedMeasure(
        name=name,
        labels=labels,
        failure=guideline.failure,
        classifier=classifier,
        balance=balance,
        calibrator=calibrate(balanced_NK, parts.calibration, settings, failing),
        threshold=settings.threshold,
        abstain=settings.abstain,
        guideline=guideline.version,
    )
    return Fitted(
        measure=measure,
        parts=parts,
        features=tried[0].name,
        tried=tried,
        members=reports,
        left_out_NK=left_out_NK,
        curve=curve,
    )


def calibrate(
    balanced_NK: Floats, split: Labelled, settings: EstablishConfig, failing: Sequence[int]
) -> Calibrator:
    """Fit the calibration that the settings name, sampling weights and wrong labels respected."""
    if settings.calibration == "none" or len(split) == 0:
        return Calibrator()
    if settings.calibration == "isotonic":
        return fit_isotonic(balanced_NK, split.classes_N, split.weights_N, failing, split.doubt_N)
    return fit_temperature(balanced_NK, split.classes_N, split.weights_N, split.doubt_N)


def learning_curve(
    choice: Choice, training: Labelled, classes: int, folds: int, seed: int
) -> list[CurvePoint]:
    """Cross-validated macro recall on growing random shares of each fold's training labels."""
    places = folds_of(training, folds, seed)
    most = len(training) - len(training) // folds
    points: list[CurvePoint] = []
    for share in CURVE:
        count = round(most * share)
        left_out_NK = cross_validate(
            choice.matrix_NF,
            training,
            places,
            classes,
            choice.strength,
            seed,
            None if share == 1 else count,
        )
        balance = fit_balance(left_out_NK, training.classes_N)
        said_N = balance.probabilities(left_out_NK, ()).argmax(axis=1)
        value = macro(recalls(said_N, training.classes_N, classes))
        if value is not None and np.isfinite(value):
            points.append(CurvePoint(count, value))
    return points


def _tuned(training: Labelled, settings: EstablishConfig, classes: int, seed: int) -> Tuning | None:
    wanted = "finetune" in settings.features or not settings.features
    if settings.checkpoint is None or not wanted:
        return None
    return tune_members(
        Path(settings.checkpoint),
        training,
        classes=classes,
        members=settings.members,
        recall_floor=settings.recall_floor,
        epochs=settings.epochs,
        learning_rate=settings.learning_rate,
        seed=seed,
    )
