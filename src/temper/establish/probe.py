"""What a measure goes by: the n-grams that speak most for and against a failure."""

from typing import Any

import numpy as np

from temper.establish.ensemble import LinearEnsemble
from temper.establish.features import Beside
from temper.establish.measure import LearnedMeasure
from temper.text.tfidf import Tfidf

SHOWN = 15


def speaking_features(measure: LearnedMeasure) -> dict[str, Any] | None:
    """Weight of the strongest n-grams, mean over members; None where features have no names.

    The weight is that of the failing labels less that of the others, each averaged.
    """
    classifier = measure.classifier
    if not isinstance(classifier, LinearEnsemble):
        return None
    features = classifier.features
    features = features.features if isinstance(features, Beside) else features
    if not isinstance(features, Tfidf):
        return None
    weights_KF = np.mean([member.weights_KF for member in classifier.members], axis=0)
    failing_K = np.isin(np.arange(len(measure.labels)), measure.failing)
    weight_F = weights_KF[failing_K].mean(axis=0) - weights_KF[~failing_K].mean(axis=0)
    names = features.names
    order = np.argsort(weight_F[: len(names)])
    return {
        "for": [[names[place], round(float(weight_F[place]), 3)] for place in order[::-1][:SHOWN]],
        "against": [[names[place], round(float(weight_F[place]), 3)] for place in order[:SHOWN]],
    }
