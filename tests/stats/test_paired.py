import numpy as np
import pytest

from temper.stats import Arm, mcnemar_test, paired_difference, sign_flip_test
from temper.stats.paired import difference_bounds


def arm(rates: list[float], attempts: int = 10) -> Arm:
    hits = [number < round(rate * attempts) for rate in rates for number in range(attempts)]
    return Arm(hits, [attack for attack in range(len(rates)) for _ in range(attempts)])


def test_few_attacks_are_tested_by_counting_all_flips():
    found = paired_difference(arm([0.5, 0.6, 0.7]), arm([0.2, 0.1, 0.3]), seed=0)
    assert found.exact
    assert found.p_value == 2 / 8  # only "all better" and "all worse" are as far from 0
    assert found.value == pytest.approx(-0.4)


def test_many_attacks_are_tested_by_a_sample_of_flips_that_is_never_sure():
    generator = np.random.default_rng(0)
    p_value, exact = sign_flip_test(np.full(30, -0.2), generator)
    assert not exact
    assert p_value == 1 / 10_000


def test_sampled_flips_agree_with_counted_ones():
    generator = np.random.default_rng(0)
    few = generator.normal(0.1, 0.3, 14)
    exact, _ = sign_flip_test(few, generator)
    signs = np.array(np.meshgrid(*[[-1, 1]] * 14)).reshape(14, -1)
    assert exact == pytest.approx((np.abs(few @ signs) >= abs(few.sum()) - 1e-9).mean())
    more = np.concatenate([few, np.full(1, 1e-6)])
    sampled, was_exact = sign_flip_test(more, generator)
    assert not was_exact
    assert sampled == pytest.approx(exact, abs=0.015)


def test_attacks_without_a_difference_leave_the_test_exact():
    found = paired_difference(arm([0.5] * 40), arm([0.5] * 38 + [0.1, 0.2]), seed=0)
    assert found.exact
    assert found.p_value == 2 / 4
    same = paired_difference(arm([0.5] * 40), arm([0.5] * 40), seed=0)
    assert same.p_value == 1
    assert same.interval.low < 0 < same.interval.high


def test_the_same_seed_gives_the_same_comparison():
    generator = np.random.default_rng(1)
    before, after = (arm(generator.choice([0.1, 0.5, 0.9], 30).tolist()) for _ in range(2))
    assert paired_difference(before, after, seed=3) == paired_difference(before, after, seed=3)


def test_a_test_over_attacks_keeps_its_level_where_one_over_attempts_does_not():
    generator = np.random.default_rng(2)
    runs, false_alarms, naive = 100, 0, 0
    for _ in range(runs):
        hits = generator.random((2, 12, 10)) < generator.beta(0.5, 0.5, (2, 12, 1))
        labels = [attack for attack in range(12) for _ in range(10)]
        before, after = (Arm(side.ravel().tolist(), labels) for side in hits)
        difference = hits[1].mean(axis=1) - hits[0].mean(axis=1)
        false_alarms += sign_flip_test(difference, generator)[0] <= 0.05
        lone = [Arm(side.hits_N, list(range(120))) for side in (before, after)]
        naive += mcnemar_test(*lone) <= 0.05
    assert false_alarms / runs <= 0.08
    assert naive / runs > 0.3


def test_mcnemar_is_the_binomial_test_of_the_changes():
    before = Arm([True] * 9 + [False] * 11, list(range(20)))
    after = Arm([False] * 9 + [True] + [False] * 10, list(range(20)))
    assert mcnemar_test(before, after) == pytest.approx(2 * (1 + 10) / 2**10)
    assert mcnemar_test(before, before) == 1


def test_mcnemar_refuses_several_attempts_of_one_attack():
    with pytest.raises(ValueError, match="one attempt an attack"):
        mcnemar_test(arm([0.5, 0.5]), arm([0.5, 0.5]))


@pytest.mark.parametrize(
    ("attacks", "attempts", "before", "after"), [(20, 1, 0.95, 0.9), (40, 10, 0.5, 0.3)]
)
def test_the_interval_of_a_difference_covers_it(
    attacks: int, attempts: int, before: float, after: float
):
    generator = np.random.default_rng(4)
    sides = [
        generator.binomial(attempts, generator.beta(2.3 * rate, 2.3 * (1 - rate), (2000, attacks)))
        for rate in (before, after)
    ]
    low_T, high_T = difference_bounds((sides[1] - sides[0]) / attempts, attempts)
    assert ((low_T <= after - before) & (after - before <= high_T)).mean() >= 0.93
    assert low_T.min() >= -1
    assert high_T.max() <= 1


def test_comparisons_of_different_attacks_are_refused():
    with pytest.raises(ValueError, match="1 attacks stand on one side only: 2"):
        paired_difference(arm([0.5, 0.5]), arm([0.5, 0.5, 0.5]), seed=0)
    with pytest.raises(ValueError, match="two attacks"):
        paired_difference(arm([0.5]), arm([0.2]), seed=0)
    with pytest.raises(ValueError, match="1 hits"):
        paired_difference(Arm([True], [1, 2]), arm([0.5]), seed=0)
