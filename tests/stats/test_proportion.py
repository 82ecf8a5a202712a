import numpy as np
import pytest

from temper.stats import clustered_proportion, hit_at_k, wilson


def test_the_score_interval_is_the_published_one():
    from scipy.stats import binomtest

    for hits, n in ((0, 100), (3, 40), (50, 50)):
        expected = binomtest(hits, n).proportion_ci(method="wilson")
        assert wilson(hits, n) == pytest.approx((expected.low, expected.high), abs=1e-6)


def test_attempts_of_one_attack_are_not_independent():
    hits = [attack < 10 for attack in range(20) for _ in range(50)]
    attacks = [attack for attack in range(20) for _ in range(50)]
    value, interval, clusters = clustered_proportion(hits, attacks)
    assert (value, clusters) == (0.5, 20)
    assert interval.high - interval.low > 0.35


def test_a_rate_at_its_limit_is_no_more_certain_than_its_clusters_allow():
    hits, attacks = [True] * 1000, [number % 10 for number in range(1000)]
    value, interval, _ = clustered_proportion(hits, attacks)
    assert value == 1
    assert interval.low < 0.75


def test_one_cluster_says_nothing():
    assert clustered_proportion([True, False], ["a", "a"])[1] == (0.0, 1.0)


def test_intervals_cover_the_truth_when_attacks_and_problems_both_vary():
    rng = np.random.default_rng(0)
    covered, trials = 0, 400
    for _ in range(trials):
        attack = rng.normal(0, 0.8, 40)[:, None]
        problem = rng.normal(0, 0.5, 30)[None, :]
        chance = 1 / (1 + np.exp(-(0.5 + attack + problem)))
        hits = rng.random((40, 30)) < chance
        rows, columns = np.indices(hits.shape)
        _, interval, _ = clustered_proportion(
            hits.ravel().tolist(), rows.ravel().tolist(), columns.ravel().tolist()
        )
        covered += interval.low <= TRUTH <= interval.high
    assert covered / trials >= 0.93


def _truth() -> float:
    rng = np.random.default_rng(1)
    scores = 0.5 + rng.normal(0, 0.8, 10**6) + rng.normal(0, 0.5, 10**6)
    return float((1 / (1 + np.exp(-scores))).mean())


TRUTH = _truth()


def test_hit_at_k_is_the_chance_of_one_hit_among_k_attacks():
    hits = np.array([[True, False], [False, False], [False, False], [False, False]])
    found = hit_at_k(hits, 2)
    assert found is not None
    assert found[0] == pytest.approx((0.5 + 0) / 2)
    assert hit_at_k(hits, 5) is None
