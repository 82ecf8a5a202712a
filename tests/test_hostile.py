"""Whatever a target says is stored, counted and shown; it never stops a run."""

import json
import sqlite3
from pathlib import Path

import pytest

from temper import pipeline
from temper.config import TargetConfig, load_config, parse_setting
from temper.records import Prompt, Request
from temper.targets.scripted import ScriptedTarget
from tests.conftest import TINY

HOSTILE = [
    "",
    "\x00",
    "\ud800 lone",
    "x" * 1_000_000,
    "\x1b[31mred\x07",
    "\u202eright to left",
    "</script><script>alert(1)</script>",
    "9" * 5_000,
    "5 + 5 = " * 2_000,
]


def test_a_run_on_a_hostile_target_ends_with_its_unknowns_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def say(request: Request) -> str:
        text = HOSTILE[int(request.id, 16) % (len(HOSTILE) + 1) - 1]
        if int(request.id, 16) % 7 == 0:
            raise TimeoutError(f"no answer {text[:20]}")
        return text

    def weigh(prompt: Prompt, answer: str) -> float:
        return -float(len(answer) + len(prompt.last.text) % 3)

    def open_hostile(config: TargetConfig) -> ScriptedTarget:
        return ScriptedTarget(say, weigh=weigh)

    monkeypatch.setattr(pipeline, "open_target", open_hostile)
    settings = dict(parse_setting(text) for text in (*TINY, "attack.threshold=-9"))
    outcome = pipeline.attack_arithmetic(load_config(None, settings), tmp_path / "run")

    rates = [figure for figure in outcome.results["figures"] if figure["cluster"]]
    assert any(figure["unknown"] for figure in rates)
    assert all(figure["bounds"] for figure in rates if figure["unknown"] and figure["value"])
    errors = sum(row["errors"] for row in outcome.results["cost"]["by_stage"])
    assert errors > 0
    json.loads((tmp_path / "run" / "results.json").read_text("utf-8"))
    page = (tmp_path / "run" / "report.html").read_text("utf-8")
    assert "could change the conclusion" in page
    assert not {"\x00", "\x1b", "\u202e"} & set(page)
    assert "<script>alert(1)" not in page
    database = sqlite3.connect(tmp_path / "run" / "run.sqlite")
    reasons = {row[0] for row in database.execute("SELECT DISTINCT reason FROM verdicts")}
    database.close()
    assert {"error", "no_answer"} <= reasons
