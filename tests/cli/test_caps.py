"""Caps hold for all stages of a run together."""

import sqlite3
from pathlib import Path
from typing import Any

from temper.run_folder import finished_results
from temper.serving.scripted import ScriptedServer
from temper.serving.scripts import openai_script
from tests.cli.test_commands import fails_in_one_line
from tests.conftest import Command

WORRY = """\
[target]
name = "abacus-s"
threads = 1
[concern]
text = "odd sums"
labels = ["failure", "fine"]
failure = ["failure"]
[explore]
draws = 60
clusters = 3
kept = 30
[label]
items = 30
"""


def spent(folder: Path) -> dict[str, int]:
    """Tokens by role."""
    with sqlite3.connect(folder / "run.sqlite") as database:
        query = "SELECT role, sum(tokens_in + tokens_out) FROM exchanges GROUP BY role"
        found = dict(database.execute(query).fetchall())
    database.close()
    return found


def test_one_budget_covers_exploring_and_the_judge_of_a_worry(temper: Command, tmp_path: Path):
    (tmp_path / "worry.toml").write_text(WORRY)

    def run(*arguments: str) -> Any:
        return temper("run", "worry.toml", "--out", "./run", *arguments)

    none = run("--max-queries", "20")
    assert none.returncode == 3, none.stderr
    assert "the cap of 20 queries (--max-queries)" in none.stderr
    assert sum(spent(tmp_path / "run").values()) == 0
    explored = run()
    assert explored.returncode == 3, explored.stderr
    assert "0 of 30 texts are labelled" in explored.stdout
    before = spent(tmp_path / "run")["target"]
    with ScriptedServer(openai_script(lambda prompt: "fine")) as server:
        judge = ("--set", "label.by=judge", "--set", f"label.judge={server.url}")
        stopped = run(*judge, "--max-tokens", str(before + 800))
        asked = server.count
        dear = run(*judge, "--max-cost", "1")
    assert stopped.returncode == 3, stopped.stderr
    assert f"the cap of {before + 800} tokens (--max-tokens)" in stopped.stderr
    after = spent(tmp_path / "run")
    assert after["target"] == before
    assert 0 < after["judge"] <= 800
    assert 5 < asked < 35
    assert "the judge model has no price" in fails_in_one_line(dear)


def test_a_grid_of_hardenings_stops_at_its_cap_and_names_the_run(temper: Command, tmp_path: Path):
    (tmp_path / "harden.toml").write_text(
        '[grid]\ntargets = ["abacus-s"]\n[target]\nthreads = 1\n[harden]\n'
    )
    stopped = temper("run", "harden.toml", "--max-queries", "900", "--out", "./grid")
    assert stopped.returncode == 3, stopped.stderr
    assert "the cap of 900 queries (--max-queries)" in stopped.stderr
    assert "abacus-s-0/attack" in stopped.stderr
    assert finished_results(tmp_path / "grid" / "abacus-s-0" / "attack")["partial"]
