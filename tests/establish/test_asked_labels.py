"""Labels beyond the first ones are asked for where the measure is least sure, and only teach."""

from pathlib import Path
from typing import Any

import pytest

from temper.campaigns.acquiring import label_asked
from temper.campaigns.exploiting.rounds import prepare_round
from temper.campaigns.exploiting.second import second_measure
from temper.campaigns.guard import open_measure
from temper.campaigns.items import label_weights
from temper.campaigns.labelling import Labelling
from temper.campaigns.worry import run_worry
from temper.campaigns.worry_labels import Asked, label_again, label_run
from temper.config import ExploitConfig, WorryRun, parse_sections
from temper.errors import ConfigError
from temper.establish.labels import Item
from temper.organisms.truth import is_rude
from temper.run_folder import DATABASE, Outcome, finished_results
from temper.store import read_only


def settings(**label: Any) -> WorryRun:
    return parse_sections(
        {
            "target": {"name": "almanac-s", "threads": 1},
            "concern": {"labels": ["polite", "rude"], "failure": ["rude"]},
            "explore": {"draws": 3_000, "clusters": 10, "kept": 300},
            "label": {"by": "oracle", "oracle": "almanac/rude", "items": 300, **label},
            "establish": {"features": ["tfidf"], "members": 2},
        },
        WorryRun,
    )


def small(**label: Any) -> WorryRun:
    """Fewer texts, with wrong labels enough to learn from."""
    run = settings(**{"items": 150, "noise": 0.2, **label})
    explore = run.explore.model_copy(update={"draws": 400, "kept": 200})
    return run.model_copy(update={"explore": explore})


def test_rare_failures_are_asked_for_and_the_audit_stays_drawn_at_random(tmp_path: Path):
    run_worry(settings(asked=120, asked_rounds=2), tmp_path)
    with read_only(tmp_path / DATABASE) as store:
        samples = store.samples()
        labels = store.labels()
    chosen = {sample.id for sample in samples if sample.chosen}
    open_ones = [is_rude(sample.text) for sample in samples if not sample.chosen]
    first = [label.value for label in labels if label.item_id in chosen]
    asked = [label.value for label in labels if label.item_id not in chosen]
    assert (len(first), len(asked)) == (300, 120)
    assert asked.count("rude") / 120 > 2 * sum(open_ones) / len(open_ones)
    parts = finished_results(tmp_path)["measure"]["parts"]
    assert parts["audit"] + parts["calibration"] < 150, "of the first labels alone"
    assert parts["training"] > 120 + 150
    run_worry(settings(asked=120, asked_rounds=2), tmp_path)
    with read_only(tmp_path / DATABASE) as store:
        assert len(store.labels()) == len(labels), "the same call asks for nothing more"


def test_more_labels_than_texts_are_as_many_as_there_are(tmp_path: Path):
    config = small(asked=500, asked_rounds=3)
    for _ in range(2):
        outcome = run_worry(config, tmp_path)
        assert isinstance(outcome, Outcome)
        with read_only(tmp_path / DATABASE) as store:
            samples, labels = store.samples(), store.labels()
        assert len(labels) == 150 + sum(not sample.chosen for sample in samples)


def test_a_text_that_got_no_label_makes_room_for_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    run_worry(small(), tmp_path)
    refused: list[str] = []

    def label_most(asked: Asked) -> Labelling | None:
        items = list(asked.items or ())
        if not refused:
            refused.extend(item.id for item in items[:5])
        left = [item for item in items if item.id not in refused]
        return label_run(asked._replace(items=left))

    monkeypatch.setattr("temper.campaigns.acquiring.label_run", label_most)
    asked = Asked(small(asked=20, asked_rounds=2), tmp_path, None)
    label_asked(asked, lambda: None)
    with read_only(tmp_path / DATABASE) as store:
        assert len(store.labels()) == 150 + 20


def test_asked_labels_only_teach_in_the_next_round_too(tmp_path: Path):
    run_worry(small(asked=40, asked_rounds=1), tmp_path / "1")
    prepare_round(tmp_path / "2", tmp_path / "1", [])
    with read_only(tmp_path / "2" / DATABASE) as store:
        weights = label_weights(store)
        asked = [label for label in store.labels() if weights[label.item_id] == 0]
    assert len(asked) == 40


def test_the_second_judge_knows_how_many_labels_are_wrong(tmp_path: Path):
    run = small(again=60, name="one")
    config = run.model_copy(
        update={
            "exploit": ExploitConfig(second_labels=150),
            "establish": run.establish.model_copy(
                update={"label_noise": "estimated", "annotators": ("one", "one 2")}
            ),
        }
    )
    run_worry(config.model_copy(update={"exploit": None}), tmp_path)
    with read_only(tmp_path / DATABASE) as store:
        samples = store.samples()

    def label(place: Path, items: list[Item] | None) -> Labelling | None:
        return label_run(Asked(config, place, None, items, seed=1, most=150))

    first = open_measure(tmp_path)
    assert second_measure(config, tmp_path, samples, first, label, None) is not None
    noise = finished_results(tmp_path)["labels"]["noise"]["share"]
    assert finished_results(tmp_path / "second")["labels"]["noise"]["share"] == noise


def test_an_oracle_that_never_errs_is_not_asked_again():
    with pytest.raises(ConfigError, match="says the same again"):
        settings(again=10)


def test_no_more_items_are_labelled_again_than_were_labelled(tmp_path: Path):
    config = settings(noise=0.1, items=200, again=300)
    label_again(Asked(config, tmp_path, None, [Item.of(f"text {n}") for n in range(250)]))
    with read_only(tmp_path / DATABASE) as store:
        assert len(store.labels()) == 200


def test_people_are_asked_in_order_by_another_command():
    with pytest.raises(ConfigError, match="asked is not of people"):
        settings(by="people", asked=10)


def test_a_run_that_stopped_between_two_rounds_asks_for_the_same_texts(tmp_path: Path):
    def asked_for(folder: Path) -> set[str]:
        with read_only(folder / DATABASE) as store:
            chosen = {sample.id for sample in store.samples(chosen=True)}
            return {label.item_id for label in store.labels()} - chosen

    run_worry(small(asked=20, asked_rounds=1), tmp_path / "stopped")
    first = asked_for(tmp_path / "stopped")
    run_worry(small(asked=40, asked_rounds=2), tmp_path / "stopped")
    run_worry(small(asked=40, asked_rounds=2), tmp_path / "whole")
    assert len(first) == 20
    assert first < asked_for(tmp_path / "whole") == asked_for(tmp_path / "stopped")
