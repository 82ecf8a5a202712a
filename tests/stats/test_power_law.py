"""The law of falling surprise: planted values come back, and a flat curve is called flat."""

import numpy as np
import pytest

from temper.stats import fit_power_law, mean_band

DOSES = np.array([2.0**power for power in range(11)])


def planted(scale: float, exponent: float, floor: float):
    """40 problems: each with a level of its own, and noise at every dose."""
    rng = np.random.default_rng(3)
    curve = scale * DOSES**-exponent + floor
    return curve * np.exp(0.15 * rng.standard_normal((40, 1))) + 0.1 * rng.standard_normal((40, 11))


@pytest.mark.parametrize("exponent", [0.3, 0.8, 1.5])
def test_a_planted_law_lies_within_the_intervals(exponent: float):
    law = fit_power_law(DOSES, planted(6.0, exponent, 0.3), seed=0)
    for estimate, value in ((law.scale, 6.0), (law.exponent, exponent), (law.floor, 0.3)):
        assert estimate.interval.low <= value <= estimate.interval.high
        assert estimate.interval.low <= estimate.value <= estimate.interval.high
    assert law.falls


def test_a_flat_or_rising_curve_does_not_fall():
    flat = np.full((20, 11), 5.0) + np.random.default_rng(0).normal(0, 0.3, (20, 11))
    assert not fit_power_law(DOSES, flat, seed=0).falls
    assert not fit_power_law(DOSES, flat + np.log(DOSES), seed=0).falls


def test_the_floor_and_the_scale_are_never_negative():
    law = fit_power_law(DOSES, planted(3.0, 0.5, 0.0) - 0.5, seed=0)
    assert law.scale.interval.low >= 0
    assert law.floor.value >= 0


def test_the_band_holds_the_mean():
    values = planted(2.0, 0.5, 0.1)
    for band, mean in zip(mean_band(values, seed=0), values.mean(0), strict=True):
        assert band.value == pytest.approx(mean)
        assert band.interval.low < mean < band.interval.high


def test_too_few_doses_are_refused():
    with pytest.raises(ValueError, match="3 doses"):
        fit_power_law(DOSES[:2], planted(1.0, 0.5, 0.0)[:, :2], seed=0)
