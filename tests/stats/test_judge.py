import numpy as np
import pytest

from temper.stats import rogan_gladen


def test_a_perfect_judge_leaves_the_raw_rate_with_its_own_interval():
    value, low, high = rogan_gladen(0.3, 100, 1.0, 1e12, 1.0, 1e12)
    n = 100 + 1.959964**2
    middle = (30 + 1.959964**2 / 2) / n
    reach = 1.959964 * np.sqrt(middle * (1 - middle) / n)
    assert (value, low, high) == pytest.approx((0.3, middle - reach, middle + reach), abs=1e-6)


def test_the_interval_is_what_the_papers_formulas_give_by_hand():
    # p' = .40370, Se' = .88462, Sp' = .79032, middle .28747, shift -.01030, error .09178
    value, low, high = rogan_gladen(0.4, 100, 0.9, 50, 0.8, 60)
    assert value == pytest.approx(0.2 / 0.7)
    assert (low, high) == pytest.approx((0.0973, 0.4571), abs=1e-4)


def test_a_judge_no_better_than_chance_leaves_everything_open():
    assert rogan_gladen(0.4, 100, 0.5, 50, 0.5, 50)[1:] == (0.0, 1.0)


def test_the_interval_covers_with_all_three_errors():
    generator = np.random.default_rng(0)
    trials, rate, caught, cleared = 2000, 0.2, 0.85, 0.7
    raw_T = generator.binomial(300, rate * caught + (1 - rate) * (1 - cleared), trials) / 300
    caught_T = generator.binomial(80, caught, trials) / 80
    cleared_T = generator.binomial(120, cleared, trials) / 120
    _, low_T, high_T = rogan_gladen(raw_T, 300, caught_T, 80, cleared_T, 120)
    assert ((low_T <= rate) & (rate <= high_T)).mean() >= 0.93
