import numpy as np
import pytest

from temper.stats import chao1, chao2


def test_the_estimate_is_that_of_the_published_formula():
    found = chao1([5, 3, 2, 2, 1, 1, 1, 1, 0])
    share = 15 / 16
    assert (found.observed, found.once, found.twice, found.samples) == (8, 4, 2, 16)
    assert found.estimate == pytest.approx(8 + share * 4 * 3 / (2 * 3))
    assert found.coverage == pytest.approx(1 - 4 / 16 * (15 * 4 / (15 * 4 + 4)))
    assert 8 < found.interval.low < found.estimate < found.interval.high
    assert found.unseen == pytest.approx(found.estimate - 8)


def test_a_search_that_saw_everything_often_has_nothing_left_to_find():
    found = chao1([20, 30, 25])
    assert found.estimate == found.observed == 3
    assert found.coverage == 1
    assert found.interval == pytest.approx((3, 3), abs=0.01)


def test_a_search_whose_every_hit_was_new_has_seen_almost_nothing():
    found = chao1([1] * 30)
    assert found.coverage == 0
    assert found.estimate > 300
    assert chao1([1]).coverage == 0


def test_the_interval_reaches_the_true_number_of_equally_likely_findings():
    generator = np.random.default_rng(0)
    reached = [
        found.interval.low <= 60 <= found.interval.high
        for found in (
            chao1(generator.multinomial(90, np.full(60, 1 / 60)).tolist()) for _ in range(300)
        )
    ]
    assert np.mean(reached) >= 0.9


def test_independent_seeds_tell_how_much_more_seeds_would_find():
    generator = np.random.default_rng(1)
    chances = np.concatenate([np.full(20, 0.5), np.full(40, 0.1)])
    reached, seen, guessed = [], [], []
    for _ in range(200):
        seeds = [np.flatnonzero(generator.random(60) < chances).tolist() for _ in range(10)]
        found = chao2(seeds)
        reached.append(found.interval.low <= 60 <= found.interval.high)
        seen.append(found.observed)
        guessed.append(found.estimate)
    assert np.mean(reached) >= 0.85
    assert np.mean(seen) < 50
    assert np.mean(guessed) == pytest.approx(60, abs=4)


def test_how_often_a_seed_repeats_itself_does_not_count():
    assert chao2([["a", "a", "b"], ["a"]]) == chao2([["a", "b"], ["a"]])


def test_counts_that_mean_nothing_are_refused():
    with pytest.raises(ValueError, match="nothing was found"):
        chao1([0, 0])
    with pytest.raises(ValueError, match="0 times or more"):
        chao1([-1])
    with pytest.raises(ValueError, match="two seeds"):
        chao2([["a"]])
