"""Wrong labels: counted where two annotators labelled the same item, and seen through."""

import json
from pathlib import Path

import numpy as np
import pytest

from temper.campaigns.worry import run_worry
from temper.config import WorryRun, parse_sections
from temper.errors import MeasureError
from temper.establish.annotators import SimulatedAnnotator, find_oracle
from temper.establish.calibrate import fit_isotonic, fit_temperature
from temper.establish.labels import Item
from temper.establish.noise import as_labelled, doubts, error_of, estimate_noise
from temper.records import Guideline, Label

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
    assert doubts(single, values, 0.1, 3)[item] == pytest.approx(0.1)
    assert doubts(pair, values, 0.1, 3)[item] < 0.001
    assert doubts(single, values, 0.0, 3) == {}


@pytest.mark.parametrize("fit", [fit_temperature, fit_isotonic])
def test_calibration_sees_through_wrong_labels(fit):  # type: ignore[no-untyped-def]
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
