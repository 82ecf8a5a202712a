"""From an ensemble's class-balanced probabilities to probabilities in the text's natural shares."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Self

import numpy as np

from temper.errors import MeasureError
from temper.establish.noise import as_labelled
from temper.text.linear import Floats, Ints, softmax

PRIOR = 1.0
"""Weight of one item, of a temperature of 1 and of the classes' weighted shares as bias."""
FLOOR = 1e-6
LEAST = 1e-6
"""How far a label in doubt must move with the truth to say anything of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibrator:
    """P = softmax(log Q / temperature + bias); where `steps` are given, P(failure) runs over them.

    Source: bias-corrected temperature scaling (Alexandari et al. 2020, arXiv:1901.06852). The bias
    undoes the equal class weights of training.
    """

    temperature: float = 1.0
    bias: tuple[float, ...] = ()
    steps: tuple[tuple[float, float], ...] = ()
    """Isotonic: P(failure) before and after, both ascending; straight lines between."""

    def probabilities(self, balanced_NK: Floats, failure: Sequence[int]) -> Floats:
        """Calibrated probabilities of every class.

        Args:
            balanced_NK: where all classes are as frequent; rows sum to 1.
            failure: columns that are failures; only `steps` need them.
        """
        bias_K = np.array(self.bias) if self.bias else np.zeros(balanced_NK.shape[1])
        p_NK = softmax(_logs(balanced_NK) / self.temperature + bias_K)
        if not self.steps:
            return p_NK
        before, after = zip(*self.steps, strict=True)
        failing_K = np.isin(np.arange(p_NK.shape[1]), failure)
        old_N = np.clip(p_NK[:, failing_K].sum(axis=1), FLOOR, 1 - FLOOR)
        new_N = np.interp(old_N, before, after)
        scale_NK = np.where(
            failing_K, (new_N / old_N)[:, None], ((1 - new_N) / (1 - old_N))[:, None]
        )
        return p_NK * scale_NK

    def to_json(self) -> dict[str, Any]:
        return {
            "temperature": self.temperature,
            "bias": list(self.bias),
            "steps": [list(step) for step in self.steps],
        }

    @classmethod
    def from_json(cls, row: Mapping[str, Any], classes: int) -> Self:
        """What `to_json` gave.

        Raises:
            MeasureError: numbers out of range.
        """
        try:
            bias = tuple(float(value) for value in row["bias"])
            steps = tuple((float(before), float(after)) for before, after in row["steps"])
            temperature = float(row["temperature"])
        except (KeyError, TypeError, ValueError) as error:
            raise MeasureError(f"the saved calibration is damaged: {error!r}") from error
        numbers = np.array([temperature, *bias, *(value for step in steps for value in step)])
        rising = all(one <= other for one, other in pairwise(steps))
        if not np.isfinite(numbers).all() or temperature <= 0 or not rising:
            raise MeasureError("the saved calibration has impossible numbers")
        if len(bias) not in (0, classes):
            raise MeasureError("the saved calibration is for another number of classes")
        return cls(temperature=temperature, bias=bias, steps=steps)


def fit_temperature(
    balanced_NK: Floats, classes_N: Ints, weights_N: Floats, doubt_N: Floats | None = None
) -> Calibrator:
    """The temperature and class biases of highest weighted likelihood.

    A weak prior (one item's worth) draws the temperature to 1 and the biases to the shares seen,
    so that a handful of labels cannot send them anywhere. Where labels are in doubt, the likelihood
    is that of the label as it was given, with the share of wrong ones between it and the truth.
    """
    from scipy.optimize import minimize

    n, count = balanced_NK.shape
    logs_NK = _logs(balanced_NK)
    weights_N = weights_N * n / weights_N.sum()
    shares_K = np.bincount(classes_N, weights=weights_N, minlength=count) + 1.0
    start_K = np.log(shares_K / shares_K.sum())
    rows = np.arange(n)
    doubt_N = np.zeros(n) if doubt_N is None else doubt_N

    def loss(parameters: Floats) -> float:
        p_NK = softmax(logs_NK * np.exp(-parameters[0]) + parameters[1:])
        p_N = p_NK[rows, classes_N]
        given_N = as_labelled(p_N, doubt_N, 1, count)
        fit = -(weights_N * np.log(np.maximum(given_N, 1e-12))).sum()
        drawn = parameters[0] ** 2 + ((parameters[1:] - start_K) ** 2).sum()
        return float(fit + PRIOR * drawn / 2)

    best = minimize(loss, np.concatenate([[0.0], start_K]), method="L-BFGS-B")
    return Calibrator(
        temperature=float(np.exp(best.x[0])), bias=tuple(float(b) for b in best.x[1:])
    )


def fit_balance(left_out_NK: Floats, classes_N: Ints) -> Calibrator:
    """What makes left-out probabilities those of classes that are as frequent.

    Equal class weights do not see to it: where features outnumber items, every training item can be
    fitted whatever it weighs, and rare classes are then hardly ever said of new ones.
    """
    counts_K = np.bincount(classes_N, minlength=left_out_NK.shape[1])
    return fit_temperature(left_out_NK, classes_N, 1.0 / counts_K[classes_N])


def fit_isotonic(
    balanced_NK: Floats,
    classes_N: Ints,
    weights_N: Floats,
    failure: Sequence[int],
    doubt_N: Floats | None = None,
) -> Calibrator:
    """Temperature and biases first, then steps of P(failure) that never fall.

    A label in doubt counts for the value whose mean is that of the truth, beyond 0 and 1 at need,
    and weighs the less the further it is beyond: least squares of the label as it was given.
    """
    from sklearn.isotonic import IsotonicRegression

    base = fit_temperature(balanced_NK, classes_N, weights_N, doubt_N)
    old_N = base.probabilities(balanced_NK, failure)[:, list(failure)].sum(axis=1)
    model = IsotonicRegression(y_min=FLOOR, y_max=1 - FLOOR, out_of_bounds="clip")
    count, ones_N = balanced_NK.shape[1], np.ones(len(classes_N))
    doubt_N = 0 * ones_N if doubt_N is None else doubt_N
    never_N = as_labelled(0 * ones_N, doubt_N, len(failure), count)
    always_N = as_labelled(ones_N, doubt_N, len(failure), count)
    slope_N = always_N - never_N
    telling_N = slope_N > LEAST
    if not telling_N.any():
        return base
    failing_N = (np.isin(classes_N, failure) - never_N)[telling_N] / slope_N[telling_N]
    model.fit(old_N[telling_N], failing_N, sample_weight=(weights_N * slope_N**2)[telling_N])
    steps = tuple(
        (float(before), float(after))
        for before, after in zip(model.X_thresholds_, model.y_thresholds_, strict=True)
    )
    return Calibrator(temperature=base.temperature, bias=base.bias, steps=steps)


def _logs(balanced_NK: Floats) -> Floats:
    return np.log(np.maximum(balanced_NK, 1e-12))
