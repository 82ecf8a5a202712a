from collections.abc import Iterator

import numpy as np
import pytest

from temper.stats import (
    adjusted_p_values,
    bernoulli_sequence,
    mean_sequence,
    watch_until_narrow,
    wilson,
)

RUNS = 500


def test_false_discoveries_are_adjusted_as_published():
    # ordered p * number / rank, then the least of those that follow
    found = adjusted_p_values([0.01, 0.04, 0.03, 0.005])
    assert found == pytest.approx((0.02, 0.04, 0.04, 0.02))
    harmonic = 1 + 1 / 2 + 1 / 3 + 1 / 4
    dependent = adjusted_p_values([0.01, 0.04, 0.03, 0.005], dependent=True)
    assert dependent == pytest.approx([harmonic * p for p in found])
    assert adjusted_p_values([]) == ()
    with pytest.raises(ValueError, match="p-values"):
        adjusted_p_values([1.2])


def test_a_sequence_may_be_watched_after_every_batch_and_a_score_interval_may_not():
    generator = np.random.default_rng(0)
    hits_TN = generator.random((RUNS, 600)) < 0.2
    wrong_T, naive_T = np.zeros(RUNS, dtype=bool), np.zeros(RUNS, dtype=bool)
    for n in range(20, 601, 20):
        hits_T = hits_TN[:, :n].sum(axis=1).astype(float)
        low_T, high_T = bernoulli_sequence(hits_T, np.full(RUNS, float(n)))
        wrong_T |= (low_T > 0.2) | (high_T < 0.2)
        ends = [wilson(hits, n) for hits in hits_T]
        naive_T |= np.array([low > 0.2 or high < 0.2 for low, high in ends])
    assert wrong_T.mean() <= 0.05
    assert naive_T.mean() > 0.15


def test_a_sequence_over_attacks_holds_where_one_over_their_attempts_does_not():
    generator = np.random.default_rng(1)
    shares_TC = generator.binomial(10, generator.beta(0.5, 2.0, (RUNS, 60))) / 10
    wrong_T, naive_T = np.zeros(RUNS, dtype=bool), np.zeros(RUNS, dtype=bool)
    for clusters in range(10, 61, 10):
        seen_TC = shares_TC[:, :clusters]
        low_T, high_T = mean_sequence(seen_TC)
        wrong_T |= (low_T > 0.2) | (high_T < 0.2)
        ends = bernoulli_sequence(10 * seen_TC.sum(axis=1), np.full(RUNS, 10.0 * clusters))
        naive_T |= (ends[0] > 0.2) | (ends[1] < 0.2)
    assert wrong_T.mean() <= 0.05
    assert naive_T.mean() > 0.1


def test_sequences_start_open_hold_their_estimate_and_narrow():
    nothing = np.array([0.0])
    assert bernoulli_sequence(nothing, nothing) == (0, 1)
    assert mean_sequence(np.empty((1, 0))) == (0, 1)
    n_T = np.array([10.0, 100.0, 1000.0])
    low_T, high_T = bernoulli_sequence(0.3 * n_T, n_T)
    assert (low_T < 0.3).all()
    assert (high_T > 0.3).all()
    assert (np.diff(high_T - low_T) < 0).all()


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_runs_without_or_with_nothing_but_hits_reach_their_limit(share: float):
    low_T, high_T = bernoulli_sequence(np.array([share * 50]), np.array([50.0]))
    values = mean_sequence(np.full((1, 50), share))
    for low, high in ((low_T, high_T), values):
        assert (low[0] == 0) == (share == 0)
        assert (high[0] == 1) == (share == 1)
        assert high[0] - low[0] < 0.2


def test_the_order_of_clusters_does_not_matter():
    shares = np.random.default_rng(2).beta(1, 3, (1, 80))
    assert mean_sequence(shares)[0] == pytest.approx(mean_sequence(shares[:, ::-1])[0])


def batches(seed: int) -> Iterator[list[float]]:
    generator = np.random.default_rng(seed)
    while True:
        yield generator.beta(2, 6, 10).tolist()


def test_a_watch_ends_as_soon_as_the_interval_is_narrow():
    watch = watch_until_narrow(batches(0), 0.15)
    assert watch.narrow
    assert watch.interval.high - watch.interval.low < 0.15
    assert watch.clusters == 10 * watch.looks
    earlier = np.concatenate(
        [batch for batch, _ in zip(batches(0), range(watch.looks - 1), strict=False)]
    )
    low_T, high_T = mean_sequence(earlier[None, :])
    assert high_T[0] - low_T[0] >= 0.15


def test_a_watch_says_when_batches_ran_out_first():
    watch = watch_until_narrow([[0.5, 0.2], [0.1]], 0.1)
    assert not watch.narrow
    assert (watch.clusters, watch.looks) == (3, 2)


def test_watches_that_mean_nothing_are_refused():
    with pytest.raises(ValueError, match="width"):
        watch_until_narrow([[0.5]], 0.0)
    with pytest.raises(ValueError, match="share"):
        watch_until_narrow([[1.5]], 0.1)
    with pytest.raises(ValueError, match="no batch"):
        watch_until_narrow([], 0.1)
