"""Fit a falling curve y(n) = C n^(-alpha) + K over doses n, with intervals from problems."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from temper.stats.proportion import Estimate, Interval

Floats = NDArray[np.float64]
EXPONENTS: Floats = np.geomspace(0.02, 4.0, 1_000)
DRAWS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerLaw:
    """The fit, and whether there is a fall to be fitted at all."""

    scale: Estimate
    """C >= 0."""
    exponent: Estimate
    """alpha, on a grid in steps of half a per cent; an interval that reaches its end is open."""
    floor: Estimate
    """K >= 0."""
    falls: bool
    """Whether the first value exceeds the last beyond what the draw of problems explains."""


def fit_power_law(doses_N: Floats, values_PN: Floats, *, seed: int) -> PowerLaw:
    """Least squares over the means, with percentile intervals from resampled problems.

    For each exponent on a grid, C and K >= 0 have a closed form, so the fit has no start value and
    no failure to converge.

    Args:
        doses_N: at least 3 distinct doses, ascending, > 0.
        values_PN: for each problem the value at each dose, e.g. -log p in nats.
        seed: of the resampling.

    Raises:
        ValueError: fewer than 3 doses or 2 problems.

    Source:
        The law of Anil et al. 2024 for in-context shots; grid, constraints and bootstrap are ours.
    """
    problems, doses = values_PN.shape
    if doses < 3 or problems < 2:
        raise ValueError(f"a law needs 3 doses and 2 problems, got {doses} and {problems}")
    draws = np.random.default_rng(seed).integers(problems, size=(DRAWS, problems))
    means_BN = np.concatenate([values_PN.mean(0)[None], values_PN[draws].mean(1)])
    scale_B, exponent_B, floor_B = _fit(doses_N, means_BN)
    drop_B = means_BN[1:, 0] - means_BN[1:, -1]
    return PowerLaw(
        scale=_estimate(scale_B),
        exponent=_estimate(exponent_B),
        floor=_estimate(floor_B),
        falls=bool(np.quantile(drop_B, 0.025) > 0),
    )


def mean_band(values_PN: Floats, *, seed: int) -> list[Estimate]:
    """The mean over problems at each dose, with the same kind of interval."""
    problems = len(values_PN)
    draws = np.random.default_rng(seed).integers(problems, size=(DRAWS, problems))
    means_BN = np.concatenate([values_PN.mean(0)[None], values_PN[draws].mean(1)])
    return [_estimate(means_B) for means_B in means_BN.T]


def _fit(doses_N: Floats, means_BN: Floats) -> tuple[Floats, Floats, Floats]:
    """The best (C, alpha, K) of each row, over all exponents at once."""
    shape_EN = doses_N[None] ** -EXPONENTS[:, None]
    centred_EN = shape_EN - shape_EN.mean(1, keepdims=True)
    mean_B = means_BN.mean(1)
    scale_BE = (means_BN - mean_B[:, None]) @ centred_EN.T / (centred_EN**2).sum(1)
    scale_BE = np.maximum(scale_BE, 0.0)
    floor_BE = mean_B[:, None] - scale_BE * shape_EN.mean(1)
    below = floor_BE < 0
    through_zero_BE = np.maximum(means_BN @ shape_EN.T / (shape_EN**2).sum(1), 0.0)
    scale_BE = np.where(below, through_zero_BE, scale_BE)
    floor_BE = np.where(below, 0.0, floor_BE)
    # the squared error without the means' own squares, which no exponent changes
    error_BE = (
        scale_BE**2 * (shape_EN**2).sum(1)
        + 2 * scale_BE * floor_BE * shape_EN.sum(1)
        + floor_BE**2 * len(doses_N)
        - 2 * scale_BE * (means_BN @ shape_EN.T)
        - 2 * floor_BE * means_BN.sum(1)[:, None]
    )
    best_B = error_BE.argmin(1)
    rows_B = np.arange(len(means_BN))
    return scale_BE[rows_B, best_B], EXPONENTS[best_B], floor_BE[rows_B, best_B]


def _estimate(drawn_B: Floats) -> Estimate:
    """The first is the estimate itself, the others are resampled."""
    low, high = np.quantile(drawn_B[1:], [0.025, 0.975])
    return Estimate(value=float(drawn_B[0]), interval=Interval(float(low), float(high)))
