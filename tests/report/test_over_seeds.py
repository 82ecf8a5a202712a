"""Figures over seeds: the mean, an interval from theirs, and what no seed could measure."""

from typing import Any

import pytest

from temper.report.over_seeds import pool, pooled


def figure(value: float | None, half: float = 0.1, seed: int = 0) -> dict[str, Any]:
    low, high = (None, None) if value is None else (value - half, value + half)
    by = {"target": f"t{seed}", "suite": "clean"}
    return {"name": "a", "value": value, "low": low, "high": high, "n": 50, "unknown": 1, "by": by}


def test_seeds_that_agree_narrow_the_interval():
    over = pool([figure(0.5), figure(0.5), figure(0.5), figure(0.5)])
    assert over is not None
    assert over.value == 0.5
    assert over.high - over.value == pytest.approx(0.05)
    assert (over.n, over.unknown) == (200, 4)


def test_seeds_that_ask_the_same_texts_narrow_nothing():
    same = [figure(0.5) | {"name": "suite.accuracy"} for _ in range(4)]
    over = pool(same)
    assert over is not None
    assert over.high - over.value == pytest.approx(0.1)


def test_the_range_of_the_seeds_is_said():
    assert "seeds 0.200 to 0.800" in str(pool([figure(0.2), figure(0.8)]))


def test_a_seed_without_a_value_counts_as_unknown_only_and_none_at_all_as_nothing():
    over = pool([figure(0.4), figure(None)])
    assert over is not None
    assert (over.value, over.n) == (0.4, 100)
    assert pool([figure(None)]) is None


def test_runs_are_matched_by_name_and_facets_whatever_the_target_is_called():
    runs = [{"figures": [figure(0.2)]}, {"figures": [figure(0.4, seed=1)]}]
    assert list(pooled(runs)) == [("a", (("suite", "clean"),))]
