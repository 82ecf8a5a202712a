"""Cut, sift, cluster, choose, acquire: pure functions of texts and vectors."""

import numpy as np
import pytest

from temper.errors import ConfigError
from temper.explore.acquire import label_next
from temper.explore.clusters import Clusters, directions, k_means
from temper.explore.coverage import coverage
from temper.explore.describe import describe
from temper.explore.diversify import equal_draws, farthest, quotas
from temper.explore.draw import UNPROMPTED, draws, opened, opening_of, rows_where_wanted
from temper.explore.kind import train_filter
from temper.explore.pieces import Piece, cut, sentences
from temper.explore.sift import Origin, Rules, Sieve
from temper.records import Decoding

RULES = Rules(min_words=3, statements=False)


def blobs(sizes: list[int], seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Points around well separated middles, and the blob of each."""
    rng = np.random.default_rng(seed)
    middles = 5 * np.eye(len(sizes), 16)
    blob_N = np.repeat(np.arange(len(sizes)), sizes)
    points = middles[blob_N] + rng.normal(scale=0.3, size=(len(blob_N), 16))
    return directions(points.astype(np.float32)), blob_N


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One is. Two are! Three?", ["One is.", "Two are!", "Three?"]),
        (
            'Dr. Smith of St. Ives said "No." He left.',
            ['Dr. Smith of St. Ives said "No."', "He left."],
        ),
        ("It costs 3.50 in all. Yes.", ["It costs 3.50 in all.", "Yes."]),
        ("a line\nanother line", ["a line", "another line"]),
        ("", [""]),
    ],
)
def test_sentences_end_at_marks_and_not_at_abbreviations_or_decimals(
    text: str, expected: list[str]
):
    assert sentences(text) == expected


def test_only_the_last_piece_of_an_answer_that_broke_off_is_a_fragment():
    pieces = cut("The sea is wide. The sky is", "sentences", broke_off=True)
    assert [piece.whole for piece in pieces] == [True, False]
    assert cut("The sea is wide. The sky is", "first", broke_off=True)[0].whole
    assert not cut("The sea is wide. The sky is", "response", broke_off=True)[0].whole
    assert cut("The sea is wide.", "response", broke_off=True)[0].whole
    assert cut("The sea is wide. The sky is ", "beginning", broke_off=True) == [
        Piece("The sea is wide. The sky is", True)
    ]


def test_duplicates_and_fragments_go_and_are_counted_by_reason():
    sieve = Sieve(RULES)
    for text, whole in [
        ("The sea is wide.", True),
        ("the  SEA is wide.", True),
        ("Too short.", True),
        ("The sky is", False),
        ("A broken \x00 one here", True),
        ("", True),
    ]:
        sieve.take(Piece(text, whole), Origin("x", "", 0))
    assert sieve.texts == ["The sea is wide."]
    assert sieve.copies == [2]
    reasons = {"duplicate", "too short", "cut off", "broken characters", "empty"}
    assert sieve.dropped == dict.fromkeys(reasons, 1)
    assert sieve.shown["cut off"] == ["The sky is"]


def test_copies_of_a_later_round_do_not_count_as_natural():
    sieve = Sieve(RULES)
    for number in (0, 0, 1, 1):
        sieve.take(Piece("The sea is wide.", True), Origin("x", "", number))
    assert sieve.copies == [2]
    assert sieve.dropped["duplicate"] == 3


def test_statements_stand_alone():
    sieve = Sieve(Rules(min_words=3, statements=True))
    for text in ("The sea is wide.", "It is very wide.", "Is the sea wide?"):
        sieve.take(Piece(text, True), Origin("x", "", 0))
    assert sieve.texts == ["The sea is wide."]
    assert sieve.dropped == {"pronoun": 1, "no full stop": 1}


def test_equal_starts_get_sample_numbers_of_their_own():
    starts = [opened("The sea"), UNPROMPTED, opened("The sea")]
    requests = [draw.request for draw in draws(starts, 6, Decoding())]
    assert [request.sample for request in requests] == [0, 0, 1, 2, 1, 3]
    assert len({request.id for request in requests}) == 6


def test_later_rounds_start_from_thin_clusters_or_where_it_is_suspicious():
    label_N = np.repeat([0, 1], [90, 10])
    thin = rows_where_wanted(label_N, None, 1000, "seed")
    assert 0.85 < np.mean(label_N[thin] == 1) < 0.95
    suspicion_N = np.where(label_N == 0, 0.6, 0.2)
    suspicious = rows_where_wanted(label_N, suspicion_N, 1000, "seed")
    assert 0.7 < np.mean(label_N[suspicious] == 0) < 0.8
    text = "The sea is wide and the sky is far."
    openings = {opening_of(text, str(seed)).opening for seed in range(30)}
    assert openings == {"The", "The sea", "The sea is", "The sea is wide"}


def test_clusters_are_found_again_and_numbered_by_size():
    directions_ND, blob_N = blobs([20, 60, 40])
    clusters = k_means(directions_ND, 3, seed=0)
    assert clusters.sizes == [60, 40, 20]
    assert {tuple(np.unique(clusters.label_N[blob_N == blob])) for blob in range(3)} == {
        (0,),
        (1,),
        (2,),
    }
    assert np.array_equal(clusters.label_N, k_means(directions_ND, 3, seed=0).label_N)


def test_fewer_texts_than_clusters_is_one_clear_line():
    with pytest.raises(ConfigError, match=r"5 texts are left, fewer than explore\.clusters = 8"):
        k_means(blobs([5])[0], 8, seed=0)


def test_every_cluster_gives_as_many_and_small_ones_what_they_have():
    assert quotas([50, 50, 50], 30) == [10, 10, 10]
    assert quotas([50, 4, 50], 30) == [13, 4, 13]
    assert quotas([2, 1], 30) == [2, 1]
    assert sum(quotas([9, 9, 9], 10)) == 10


def test_inclusion_probabilities_weigh_the_subset_back_to_natural_shares():
    label_N = np.repeat([0, 1, 2], [700, 250, 50])
    failed_N = np.random.default_rng(0).random(1000) < np.array([0.05, 0.3, 0.8])[label_N]
    estimates: list[float] = []
    for seed in range(200):
        subset = equal_draws(label_N, 90, np.random.default_rng(seed))
        assert subset.inclusion_N is not None
        weight = 1 / subset.inclusion_N[subset.rows]
        assert weight.sum() == pytest.approx(1000)
        estimates.append(float((weight * failed_N[subset.rows]).sum() / weight.sum()))
    assert np.mean(estimates) == pytest.approx(failed_N.mean(), abs=0.01)


def test_the_farthest_texts_come_from_all_clusters_where_random_ones_do_not():
    directions_ND, blob_N = blobs([60, 10, 10, 10, 10])
    subset = farthest(directions_ND, 5, np.random.default_rng(0))
    assert set(blob_N[subset.rows]) == {0, 1, 2, 3, 4}
    assert subset.inclusion_N is None


def test_a_diverse_subset_covers_more_than_random_subsets_do():
    directions_ND, blob_N = blobs([60, 8, 8, 8, 8])
    clusters = Clusters(blob_N, np.zeros(len(blob_N), np.float32))
    texts = [f"word{blob} is number {place}" for place, blob in enumerate(blob_N)]
    subset = equal_draws(blob_N, 10, np.random.default_rng(0))
    found = {one.name: one for one in coverage(texts, directions_ND, clusters, subset.rows, 0)}
    assert found["clusters"].chosen == 5 > found["clusters"].random
    assert found["vendi"].chosen > found["vendi"].random
    assert found["reach"].chosen < found["reach"].random
    assert set(found) == {"clusters", "reach", "vendi", "distinct_2", "self_bleu"}


def test_a_cluster_is_described_by_its_own_words_and_by_texts_of_its_own():
    directions_ND, blob_N = blobs([30, 20])
    clusters = k_means(directions_ND, 2, seed=0)
    words = ["river runs wide", "hammer falls hard"]
    texts = [f"the {words[blob]} {place}" for place, blob in enumerate(blob_N)]
    large, small = describe(texts, clusters, [True] * 50)
    assert set(large.words) == {"river", "runs", "wide"}
    assert set(small.words) == {"hammer", "falls", "hard"}
    assert large.chosen == large.size == 30
    assert all("river" in text for text in large.examples)


def test_the_next_label_goes_to_an_unsure_text_of_the_least_labelled_cluster():
    label_N = np.array([0, 0, 0, 1, 1, 2])
    probability_N = np.array([0.5, 0.9, 0.6, 0.99, 0.8, np.nan])
    assert label_next(probability_N, label_N, {0}, 3) == [5, 4, 2]
    assert label_next(probability_N, label_N, set(), 99) == [0, 5, 4, 2, 3, 1]
    everything = label_next(probability_N, label_N, {1}, 99)
    assert sorted(everything) == [0, 2, 3, 4, 5]


def test_the_filter_keeps_the_wanted_kind_and_counts_what_it_wrongly_drops():
    facts = [f"The river Nar{n} runs to the {side}." for n in range(50) for side in ("east", "sea")]
    chatter = [f"Well, I really love number {n}, don't you?" for n in range(40)]
    own = [f"The river Pol{n} runs to the hills." for n in range(160)]
    kind = train_filter(facts, [*own, *chatter], 0.2, seed=0)
    assert not kind.keeps(chatter).any()
    assert kind.keeps(own).all()
    rate = kind.false_rejections()
    assert rate.value == 0
    assert rate.n == 25
    assert rate.high is not None
    assert 0.05 < rate.high < 0.2
    with pytest.raises(ConfigError, match="at least 40"):
        train_filter(facts[:10], own, 0.2, seed=0)
