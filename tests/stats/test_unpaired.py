import numpy as np
import pytest

from temper.stats import independent_difference, wilson


def test_the_interval_of_a_difference_covers_the_true_one_in_95_of_100_runs():
    generator = np.random.default_rng(4)
    for first, second in ((0.5, 0.5), (0.9, 0.6), (0.05, 0.02)):
        held = 0
        for hits, others in zip(
            generator.binomial(120, first, 2_000),
            generator.binomial(80, second, 2_000),
            strict=True,
        ):
            found = independent_difference(
                hits / 120, wilson(hits, 120), others / 80, wilson(others, 80)
            )
            held += found.interval.low <= second - first <= found.interval.high
        assert held >= 0.93 * 2_000


def test_the_p_value_is_below_5_percent_just_where_the_interval_leaves_out_zero():
    for hits in range(0, 101, 5):
        found = independent_difference(0.4, wilson(40, 100), hits / 100, wilson(hits, 100))
        outside = found.interval.low > 0 or found.interval.high < 0
        assert (found.p_value < 0.05) == outside


def test_equal_rates_differ_by_nothing():
    same = independent_difference(0.3, wilson(30, 100), 0.3, wilson(30, 100))
    assert same.value == 0
    assert same.p_value == 1
    assert same.interval.low == pytest.approx(-same.interval.high)
