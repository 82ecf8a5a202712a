import numpy as np
import pytest

from temper.stats.classification import (
    auroc,
    bootstrap_interval,
    expected_calibration_error,
    recalls,
    reliability,
    weighted_share,
)


def test_honest_probabilities_have_a_small_calibration_error_and_inflated_ones_a_large_one():
    rng = np.random.default_rng(0)
    said = rng.random(20_000)
    seen = rng.random(20_000) < said
    weights = np.ones(20_000)
    assert expected_calibration_error(said, seen, weights) < 0.02
    assert expected_calibration_error(np.sqrt(said), seen, weights) > 0.1


def test_a_weight_of_two_counts_like_two_items():
    said, seen = np.array([0.2, 0.4, 0.9]), np.array([False, True, True])
    doubled = np.array([0, 0, 1, 2])
    one = expected_calibration_error(said, seen, np.array([2.0, 1.0, 1.0]), bins=2)
    other = expected_calibration_error(said[doubled], seen[doubled], np.ones(4), bins=2)
    assert one == pytest.approx(other)


def test_bins_have_equal_mass():
    said = np.linspace(0, 1, 150) ** 4
    parts = reliability(said, said > 0.5, np.ones(150))
    assert [part.n for part in parts] == [10] * 15


def test_auroc_is_that_of_scikit_learn_with_ties_and_weights():
    from sklearn.metrics import roc_auc_score

    rng = np.random.default_rng(0)
    scores, failures = rng.integers(0, 9, 400) / 9, rng.random(400) < 0.3
    weights = rng.random(400)
    known = roc_auc_score(failures, scores, sample_weight=weights)
    assert auroc(scores, failures, weights) == pytest.approx(known)


def test_what_cannot_be_said_is_none():
    assert auroc(np.array([0.1, 0.2]), np.array([True, True])) is None
    assert weighted_share(np.zeros(0, bool), np.zeros(0)) is None
    assert np.isnan(recalls(np.array([0]), np.array([0]), 2)[1])


def test_the_bootstrap_resamples_clusters_not_items():
    values = np.repeat(np.random.default_rng(0).normal(size=20), 50)
    clusters = np.repeat(np.arange(20), 50)

    def mean(places: np.ndarray) -> float:
        return float(values[places].mean())

    wide = bootstrap_interval(mean, clusters, seed=0)
    narrow = bootstrap_interval(mean, np.arange(1_000), seed=0)
    assert wide is not None
    assert narrow is not None
    assert wide.high - wide.low > 3 * (narrow.high - narrow.low)
