"""The same seed gives the same run: whatever the batch size, and however often."""

from pathlib import Path
from typing import Any

import pytest

from temper.config import load_config, parse_setting
from temper.pipeline import attack_arithmetic
from temper.store import read_only
from temper.targets import batches
from tests.conftest import TINY


def run_in(folder: Path) -> tuple[dict[str, Any], list[tuple[str, str, str]]]:
    """Results without times, and what was said to every attempt."""
    config = load_config(None, dict(parse_setting(text) for text in TINY))
    results = attack_arithmetic(config, folder).results
    cost = results["cost"]
    cost.pop("seconds")
    for row in cost["by_stage"]:
        row.pop("seconds")
    with read_only(folder / "run.sqlite") as store:
        said = [(row["id"], row["response"], row["outcome"]) for row in store.judged_attempts()]
    return results, said


def test_a_run_is_the_same_again_and_with_other_batches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    first = run_in(tmp_path / "first")
    assert run_in(tmp_path / "again") == first
    monkeypatch.setattr(batches, "MOST_ROWS", 24)
    results, said = run_in(tmp_path / "small batches")
    assert said == first[1]
    assert results == first[0]
