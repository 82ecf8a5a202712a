"""`temper harden` and `temper compare` on models, from the front door."""

import json
import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from temper.budget import Budget
from temper.campaigns.hardening.run import run_harden
from temper.cli import app
from temper.config import BudgetConfig, load_harden
from temper.errors import ArtifactError, ConfigError, TargetError
from temper.exploit.baselines import handwritten_texts
from temper.protocols import Silent
from temper.records import Attack, Candidate
from temper.run_folder import finished_results
from temper.serving.scripted import ScriptedServer
from temper.serving.scripts import openai_script
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


@pytest.fixture(scope="module")
def hardened(attacked: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], Path]:
    """A finished hardening, and the command that made it."""
    folder = tmp_path_factory.mktemp("hardened") / "hard"
    words = ["harden", str(attacked), "--out", str(folder), *OPTIONS]
    assert inside(*words).exit_code == 0
    return words, folder


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


def inside(*arguments: str) -> Result:
    """The command within this process, whose libraries are loaded already."""
    return CliRunner().invoke(app, list(arguments), catch_exceptions=False)


def test_a_run_s_findings_become_a_checkpoint_a_file_for_services_and_a_verdict(
    temper: Command, hardened: tuple[list[str], Path], tmp_path: Path
):
    words, folder = hardened
    before = queries(folder)
    done = temper(*words, timeout=400)
    assert done.returncode == 0, done.stderr
    assert "verdict" in done.stdout
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

    assert queries(folder) == before, "a finished run asks nothing again"
    with pytest.raises(ConfigError, match=r"harden\.rows"):
        inside(*words, "--set", "harden.rows=61")

    gate, out = tmp_path / "gate.xml", tmp_path / "compared"
    options = ["--queries", "32", "--attacks", "2", "--items", "12", "--threads", "1"]
    options += ["--junit", str(gate), "--fail-if-worse", "--margin", "0.9", "--out", str(out)]
    compared = inside("compare", "abacus-s", str(folder), *options)
    assert compared.exit_code == 0, compared.stderr
    assert "verdict" in compared.stdout
    assert "<testcase" in gate.read_text()


GRID = """
[grid]
targets = ["abacus-s"]
seeds = [0]
[target]
threads = 1
[attack]
attackers = ["handwritten"]
max_queries = 500
problems = 4
[measure]
problems = 2
max_attacks = 2
[harden]
held_families = 0
[ladder]
rungs = ["none"]
adaptive = false
attacks = 2
problems = 2
items = 12
queries = 40
"""


def test_a_grid_attacks_and_hardens_every_seed_and_ends_with_a_page(tmp_path: Path):
    (tmp_path / "grid.toml").write_text(GRID)
    words = ["run", str(tmp_path / "grid.toml"), "--out", str(tmp_path / "grid"), *OPTIONS]
    done = inside(*words)
    assert done.exit_code == 0, done.stderr
    results = finished_results(tmp_path / "grid")
    assert [one["seed"] for one in results["hardenings"]] == [0]
    page = (tmp_path / "grid" / "report.html").read_text()
    assert "abacus-s ships with temper" in page
    assert "1 hardening: " in page


def test_a_capped_hardening_has_no_verdict_and_goes_on_to_the_same_end(
    attacked: Path, hardened: tuple[list[str], Path], tmp_path: Path
):
    folder, made = tmp_path / "hard", hardened[1]
    config = load_harden(str(attacked), {"source": str(attacked), **SMALL})
    minutes = Budget(BudgetConfig(max_minutes=2), clock=iter(range(0, 6000, 60)).__next__)
    results = run_harden(config, folder, Silent(), budget=minutes).results
    assert "minutes (--max-minutes)" in results["partial"]["reason"]
    assert results["partial"]["unfinished"][0] == "training (sft)"
    assert (results["verdict"], results["hardened"], results["figures"]) == (None, None, [])
    assert not (folder / "checkpoint").exists()
    assert "did not come to its end" in (folder / "report.html").read_text()

    words = [*hardened[0], "--out", str(folder)]
    whole = finished_results(made)
    cap = whole["cost"]["queries"] - 100
    stopped = inside(*words, "--max-queries", str(cap))
    assert stopped.exit_code == 3
    assert "verdict none" in stopped.stdout
    results = finished_results(folder)
    assert results["partial"]["unfinished"] == ["measurement (after)"]
    assert results["cost"]["queries"] <= cap
    assert results["hardened"] == whole["hardened"], "the same training"
    assert (results["verdict"], results["changes"]) == (None, [])
    assert "PARTIAL" in (folder / "report.html").read_text()
    assert "not measured to the end" in (folder / "checkpoint" / "README.md").read_text()

    assert inside(*words).exit_code == 0
    continued = finished_results(folder)
    assert continued["figures"] == whole["figures"]
    assert continued["verdict"] == whole["verdict"]
    assert queries(folder) == queries(made)


def test_a_grader_in_training_is_held_to_the_caps(attacked: Path, tmp_path: Path):
    settings = SMALL | {
        "source": str(attacked),
        "harden.methods": ["rl_ai"],
        "harden.curve_items": 0,
    }
    settings |= {"harden.rl.steps": 1, "harden.rl.batch": 32, "harden.rl.group": 4}
    settings |= {"harden.rl.save_every": 1, "budget.max_queries": 2}
    config = load_harden(str(attacked), settings)
    results = run_harden(config, tmp_path / "hard", Silent()).results
    assert "2 queries (--max-queries)" in results["partial"]["reason"]
    assert results["partial"]["unfinished"][0] == "training (rl_ai)"
    assert queries(tmp_path / "hard") == 0


def queries(folder: Path) -> int:
    with sqlite3.connect(folder / "run.sqlite") as database:
        return database.execute("SELECT count(*) FROM exchanges").fetchone()[0]


def test_a_run_that_found_nothing_is_refused(tmp_path: Path):
    with Store(tmp_path / "run.sqlite"):
        pass
    with pytest.raises(ArtifactError, match="0 accepted attacks"):
        inside("harden", str(tmp_path), "--target", "abacus-s", "--out", str(tmp_path / "hard"))


def test_a_model_behind_a_server_is_not_trained_but_its_rows_are_written(
    attacked: Path, tmp_path: Path
):
    with ScriptedServer(openai_script(lambda prompt: "7")) as server:
        target = ["--target", server.url, "--out", str(tmp_path / "hard")]
        with pytest.raises(TargetError, match="rows in the common chat format"):
            inside("harden", str(attacked), *target, "--set", "harden.rows=40")
    assert len((tmp_path / "hard" / "finetune.jsonl").read_text().splitlines()) == 80


def test_assert_not_worse_passes_a_run_beside_itself(finished_run: Path):
    assert assert_not_worse(finished_run, finished_run) == "cannot tell"
    with pytest.raises(AssertionError, match="perhaps worse"):
        assert_not_worse(finished_run, finished_run, strict=True)
