"""`temper harden` and `temper compare` on models, from the front door."""

import json
import sqlite3
from pathlib import Path

import pytest

from temper.exploit.baselines import handwritten_texts
from temper.records import Attack, Candidate
from temper.store import Store
from temper.testing import assert_not_worse
from tests.conftest import Command

SMALL = {
    "harden.sft.steps": 4,
    "harden.sft.save_every": 4,
    "harden.sft.batch": 8,
    "harden.rows": 60,
    "harden.items": 12,
    "harden.curve_items": 12,
    "harden.measured": 2,
    "harden.problems": 2,
    "harden.queries": 32,
}
OPTIONS = [part for key, value in SMALL.items() for part in ("--set", f"{key}={value}")]


@pytest.fixture(scope="session")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run whose findings are the attacks written by hand."""
    folder = tmp_path_factory.mktemp("attacked")
    with Store(folder / "run.sqlite") as store:
        store.add_candidates(
            Candidate(
                attack=Attack(text=text, attacker="handwritten"),
                accepted=True,
                reason="accepted",
                score=1.0,
                order=order,
            )
            for order, text in enumerate(handwritten_texts())
        )
    (folder / "config.toml").write_text('[target]\nname = "abacus-s"\nthreads = 1\n')
    return folder


def test_a_run_s_findings_become_a_checkpoint_a_file_for_services_and_a_verdict(
    temper: Command, attacked: Path, tmp_path: Path
):
    done = temper("harden", str(attacked), "--out", "hard", *OPTIONS, timeout=400)
    assert done.returncode == 0, done.stderr
    assert "verdict" in done.stdout
    folder = tmp_path / "hard"
    results = json.loads((folder / "results.json").read_text())
    assert results["target"]["name"] == "abacus-s"
    assert results["hardened"]["hash"] != results["target"]["hash"]
    assert results["data"]["held_families"]
    assert [step for step, _ in results["curves"]["attack/ood"]] == [0, 4]
    sides = {(f["by"].get("side"), f["by"].get("split")) for f in results["figures"]}
    assert {("before", "fresh"), ("after", "fresh"), ("after", "held_families")} <= sides
    rows = [json.loads(line) for line in (folder / "finetune.jsonl").read_text().splitlines()]
    assert len(rows) == results["data"]["rows"]
    page = (folder / "report.html").read_text()
    assert all(title in page for title in ("The fresh searches", "Use, before and after"))

    before = queries(folder)
    again = temper("harden", str(attacked), "--out", "hard", *OPTIONS, timeout=400)
    assert again.stdout == done.stdout
    assert queries(folder) == before, "a finished run asks nothing again"
    changed = temper("harden", str(attacked), "--out", "hard", *OPTIONS, "--set", "harden.rows=61")
    assert changed.returncode == 2
    assert "harden.rows" in changed.stderr

    options = ["--queries", "32", "--attacks", "2", "--items", "12", "--threads", "1"]
    compared = temper(
        "compare",
        "abacus-s",
        str(folder),
        "--out",
        "cmp",
        *options,
        "--junit",
        "gate.xml",
        "--fail-if-worse",
        "--margin",
        "0.9",
        timeout=400,
    )
    assert compared.returncode == 0, compared.stderr
    assert "verdict" in compared.stdout
    assert "<testcase" in (tmp_path / "gate.xml").read_text()


def queries(folder: Path) -> int:
    with sqlite3.connect(folder / "run.sqlite") as database:
        return database.execute("SELECT count(*) FROM exchanges").fetchone()[0]


def test_a_run_that_found_nothing_is_refused_in_one_line(
    temper: Command, finished_run: Path, tmp_path: Path
):
    empty = tmp_path / "empty"
    with Store(_made(empty) / "run.sqlite"):
        pass
    done = temper("harden", str(empty), "--target", "abacus-s")
    assert done.returncode == 2
    assert "0 accepted attacks" in done.stderr
    assert done.stderr.count("\n") == 1


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def test_assert_not_worse_passes_a_run_beside_itself(finished_run: Path):
    assert assert_not_worse(finished_run, finished_run) == "cannot tell"
    with pytest.raises(AssertionError, match="perhaps worse"):
        assert_not_worse(finished_run, finished_run, strict=True)
