"""Labels beyond the first ones are asked for where the measure is least sure, and only teach."""

from pathlib import Path
from typing import Any

import pytest

from temper.campaigns.worry import run_worry
from temper.config import WorryRun, parse_sections
from temper.errors import ConfigError
from temper.organisms.truth import is_rude
from temper.run_folder import DATABASE, finished_results
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


def test_people_are_asked_in_order_by_another_command():
    with pytest.raises(ConfigError, match="asked is not of people"):
        settings(by="people", asked=10)
