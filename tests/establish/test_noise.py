"""Wrong labels: counted where two annotators labelled the same item, and seen through."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from temper.campaigns.establish import establish
from temper.campaigns.given_labels import label_from_rows
from temper.campaigns.worry import run_worry
from temper.config import ConcernConfig, EstablishRun, WorryRun, parse_sections
from temper.errors import MeasureError
from temper.establish.agreement import combine_labels
from temper.establish.annotators import SimulatedAnnotator, find_oracle
from temper.establish.calibrate import Calibrator, fit_isotonic, fit_temperature
from temper.establish.labels import Given, Item
from temper.establish.noise import as_labelled, doubts, error_of, estimate_noise
from temper.records import AnnotatorKind, Guideline, Label

GUIDELINE = Guideline(labels=("true", "false", "neither"), failure=("false",))


def labels_by(seeds: tuple[int, ...], count: int, noise: float = 0.1) -> list[Label]:
    items = [Item.of(f"The river of Quell is {n} miles long.") for n in range(count)]
    oracle = find_oracle("almanac/truth", GUIDELINE)
    return [
        label
        for seed in seeds
        for label in SimulatedAnnotator(
            oracle=oracle, name=f"simulated {seed}", noise=noise, seed=seed
        ).label(items, GUIDELINE)
    ]


def test_the_share_of_wrong_labels_is_estimated_from_two_annotators():
    for noise in (0.02, 0.1, 0.25):
        found = estimate_noise(labels_by((3, 103), 1_000, noise), 3)
        assert found.low <= noise <= found.high
        assert found.items == 1_000
        assert f"{found.share:.1%} of the labels are wrong" in found.said()


def test_disagreement_and_error_fit_each_other():
    for classes in (2, 3, 5):
        for share in (0.0, 0.05, 0.2, 0.4):
            differing = 1 - (1 - share) ** 2 - share**2 / (classes - 1)
            assert error_of(differing, classes) == pytest.approx(share)
    assert error_of(1.0, 2) == 0.45, "beyond chance: as bad as can be told"


def test_too_few_items_with_two_labels_are_said_so():
    with pytest.raises(
        MeasureError, match="0 items have two annotators' labels, and 30 are needed"
    ):
        estimate_noise(labels_by((1,), 100), 3)


def test_labels_that_agree_are_believed_more_than_single_ones():
    single, pair = labels_by((1,), 1, 0.0), labels_by((1, 2, 3), 1, 0.0)
    item = single[0].item_id
    values = {item: single[0].value}
    assert doubts(single, values, 0.1, GUIDELINE)[item] == pytest.approx(0.1)
    assert doubts(pair, values, 0.1, GUIDELINE)[item] < 0.001
    assert doubts(single, values, 0.0, GUIDELINE) == {}


def said(value: str, who: str, kind: AnnotatorKind = "person") -> Label:
    item = Item.of("Quell is wet.")
    return Label(
        item_id=item.id, text=item.text, value=value, annotator=who, kind=kind, guideline="g"
    )


def test_an_adjudicated_label_is_not_in_doubt_whatever_was_said_before():
    labels = [said("true", "a"), said("true", "b"), said("false", "c", "adjudicator")]
    values = combine_labels(labels, GUIDELINE, "majority", None).values
    assert list(values.values()) == ["false"]
    assert list(doubts(labels, values, 0.1, GUIDELINE).values()) == [0.0]


def test_a_label_chosen_against_the_votes_says_nothing_at_most():
    labels = [said("true", "a"), said("true", "b"), said("false", "expert")]
    item = labels[0].item_id
    assert doubts(labels, {item: "false"}, 0.1, GUIDELINE)[item] == pytest.approx(2 / 3)


def test_errors_towards_a_label_that_is_set_aside_do_not_trouble_the_others():
    aside = Guideline(labels=GUIDELINE.labels, failure=("false",), set_aside=("neither",))
    labels = [said("true", "a")]
    item = labels[0].item_id
    # of 100 true ones 90 are called so and 5 false: the rest is set aside
    assert doubts(labels, {item: "true"}, 0.1, aside)[item] == pytest.approx(5 / 95)
    assert doubts(labels, {item: "neither"}, 0.1, aside) == {}


def test_isotonic_steps_leave_out_labels_that_say_nothing():
    rng = np.random.default_rng(0)
    truth_N = (rng.random(400) < 0.3).astype(int)
    p_N = np.where(truth_N == 1, rng.uniform(0.4, 1, 400), rng.uniform(0, 0.6, 400))
    balanced_NK = np.stack([1 - p_N, p_N], axis=1)
    tied_N = np.arange(400) % 2 == 0
    said_N = np.where(tied_N, 1 - truth_N, truth_N)
    found = fit_isotonic(balanced_NK, said_N, np.ones(400), [1], np.where(tied_N, 0.5, 0.0))
    values_N = found.probabilities(balanced_NK, [1])[:, 1]
    assert values_N[p_N > 0.6].mean() > 0.95
    assert values_N[p_N < 0.4].mean() < 0.05
    base = fit_isotonic(balanced_NK, said_N, np.ones(400), [1], np.full(400, 0.5))
    assert base.steps == (), "labels that all say nothing make no steps"


@pytest.mark.parametrize("fit", [fit_temperature, fit_isotonic])
def test_calibration_sees_through_wrong_labels(fit: Callable[..., Calibrator]):
    rng = np.random.default_rng(0)
    truth_N = (rng.random(4_000) < 0.2).astype(int)
    said_N = np.where(rng.random(4_000) < 0.1, 1 - truth_N, truth_N)
    balanced_NK = np.where(truth_N[:, None] == [0, 1], 0.9, 0.1)
    ones_N = np.ones(4_000)
    rest = () if fit is fit_temperature else ([1],)
    blind = fit(balanced_NK, said_N, ones_N, *rest).probabilities(balanced_NK, [1])
    seeing = fit(balanced_NK, said_N, ones_N, *rest, doubt_N=0.1 * ones_N)
    seeing = seeing.probabilities(balanced_NK, [1])
    assert blind[truth_N == 1, 1].mean() < 0.93
    assert blind[truth_N == 0, 1].mean() > 0.08
    assert seeing[truth_N == 1, 1].mean() > 0.97
    assert seeing[truth_N == 0, 1].mean() < 0.02


def test_what_labels_would_say_of_a_sure_failure_is_less_sure():
    given_N = as_labelled(np.array([0.0, 0.5, 1.0]), np.array([0.1, 0.1, 0.0]), 1, 3)
    assert given_N == pytest.approx([0.05, 0.475, 1.0])


def test_a_run_has_items_labelled_again_and_says_how_many_labels_are_wrong(tmp_path: Path):
    config = parse_sections(
        {
            "target": {"name": "almanac-s", "threads": 1},
            "concern": {"labels": list(GUIDELINE.labels), "failure": ["false"]},
            "explore": {"draws": 500, "clusters": 5, "kept": 240},
            "label": {
                "by": "oracle",
                "oracle": "almanac/truth",
                "noise": 0.1,
                "items": 240,
                "again": 120,
            },
            "establish": {"features": ["tfidf"], "members": 2, "label_noise": "estimated"},
        },
        WorryRun,
    )
    run_worry(config, tmp_path)
    labels = json.loads((tmp_path / "results.json").read_text("utf-8"))["labels"]
    assert labels["noise"]["items"] == 120
    assert labels["noise"]["low"] < 0.1 < labels["noise"]["high"]
    assert "of the labels are wrong" in (tmp_path / "report.html").read_text("utf-8")
    assert "sees through them" in (tmp_path / "measure" / "README.md").read_text("utf-8")


def test_annotators_who_never_differ_are_reported_with_an_interval(tmp_path: Path):
    concern = ConcernConfig(labels=("wet", "dry"), failure=("wet",))
    rows = [
        Given(f"There is {word} in {place}, says number {number}.", value, who)
        for who in ("a", "b")
        for number, place in enumerate(f"{one}{two}o" for one in "bdfgklmnp" for two in "aeiou")
        for word, value in (("rain", "wet"), ("dust", "dry"))
    ]
    label_from_rows(tmp_path, concern, rows, {})
    sections = {"establish": {"features": ["tfidf"], "members": 2, "label_noise": "estimated"}}
    results = establish(parse_sections(sections, EstablishRun), tmp_path).results
    noise = results["labels"]["noise"]
    assert (noise["share"], noise["low"], noise["items"]) == (0, 0, 90)
    assert 0 < noise["high"] < 0.05
