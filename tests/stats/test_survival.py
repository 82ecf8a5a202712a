import numpy as np
import pytest
from scipy import stats

from temper.stats import log_rank_test, survival_to_first_hit


def searches(scale: float, number: int = 40, budget: float = 150) -> tuple[list[float], list[bool]]:
    generator = np.random.default_rng(int(scale))
    first = np.ceil(generator.exponential(scale, number))
    return np.minimum(first, budget).tolist(), (first <= budget).tolist()


def test_the_curve_is_that_of_kaplan_and_meier_with_log_log_intervals():
    queries, hit = searches(100)
    curve = survival_to_first_hit(queries, hit)
    sample = stats.CensoredData.right_censored(queries, ~np.array(hit))
    expected = stats.ecdf(sample).sf
    ends = expected.confidence_interval(method="log-log")
    assert curve.survival_S == pytest.approx(expected.evaluate(curve.queries_S))
    assert [end.low for end in curve.interval_S] == pytest.approx(
        ends.low.evaluate(curve.queries_S)
    )
    assert [end.high for end in curve.interval_S] == pytest.approx(
        ends.high.evaluate(curve.queries_S)
    )


def test_a_search_that_was_given_up_is_not_a_search_that_hit():
    curve = survival_to_first_hit([10, 20, 30, 40], [True, False, True, False])
    assert curve.queries_S == (10, 30)
    assert curve.at_risk_S == (4, 2)
    assert curve.survival_S == pytest.approx((0.75, 0.375))
    assert curve.median == 30


def test_where_most_never_hit_the_median_is_unknown():
    curve = survival_to_first_hit([10, 50, 50, 50], [True, False, False, False])
    assert curve.median is None
    nothing = survival_to_first_hit([50, 50], [False, False])
    assert nothing.queries_S == ()
    assert nothing.restricted_mean(50).value == 50


def test_where_all_hit_the_last_interval_ends_at_0_but_does_not_pretend():
    curve = survival_to_first_hit([5] * 10, [True] * 10)
    assert curve.survival_S == (0.0,)
    assert curve.interval_S[0].low == 0
    assert 0.2 < curve.interval_S[0].high < 0.5


def test_the_restricted_mean_of_complete_searches_is_their_mean_up_to_the_horizon():
    queries = [3.0, 8.0, 20.0, 60.0, 60.0]
    mean = survival_to_first_hit(queries, [True] * 5).restricted_mean(50)
    stopped = np.minimum(queries, 50)
    assert mean.value == pytest.approx(stopped.mean())
    reach = 1.959964 * stopped.std() / np.sqrt(5)
    assert mean.interval.high == pytest.approx(min(50, mean.value + reach))


def test_a_faster_attacker_is_told_from_a_slower_and_not_from_itself():
    slow, fast = searches(100), searches(30)
    assert log_rank_test(*fast, *slow) < 0.01
    assert log_rank_test(*slow, *slow) == pytest.approx(1)


def test_searches_that_mean_nothing_are_refused():
    for queries, hit in (([], []), ([0.0], [True]), ([1.0, 2.0], [True])):
        with pytest.raises(ValueError, match="every search"):
            survival_to_first_hit(queries, hit)
    with pytest.raises(ValueError, match="horizon"):
        survival_to_first_hit([5.0], [True]).restricted_mean(6)
    with pytest.raises(ValueError, match="no search hit"):
        log_rank_test([5.0], [False], [5.0], [False])
