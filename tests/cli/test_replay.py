"""`temper replay`: attacks of finished runs put to other targets, from the front door."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from temper.budget import Budget
from temper.campaigns.replay_judges import Judges, Source
from temper.campaigns.replay_putting import Putting
from temper.config import BudgetConfig, parse_replay
from temper.errors import Stopped
from temper.evaluate.attempts import Chosen
from temper.protocols import Silent
from temper.records import Attack
from temper.run_folder import finished_results
from temper.store import Store, read_only
from temper.targets.scripted import ScriptedTarget
from tests.conftest import Command

Spoiler = Callable[[Path], Any]
SMALL = ("--problems", "4", "--max-attacks", "3", "--threads", "1")


def test_attacks_of_a_run_are_put_to_every_target_and_the_matrix_is_written(
    temper: Command, finished_run: Path, tmp_path: Path
):
    before = (finished_run / "run.sqlite").read_bytes()
    done = temper(
        "replay", str(finished_run), "--on", "abacus-s", "--on", "abacus-s", "--out", "./r", *SMALL
    )
    assert done.returncode == 0, done.stderr
    results = finished_results(tmp_path / "r")
    names = [target["name"] for target in results["targets"]]
    assert names == ["abacus-s"]  # named twice, measured once
    cells = {
        (figure["by"]["source"], figure["by"]["target"]): figure
        for figure in results["figures"]
        if figure["name"] == "transfer.targeted" and figure["by"]["decoding"] == "greedy"
    }
    assert {target for _, target in cells} == set(names)
    assert {source for source, _ in cells} == {"", "abacus-s"}
    assert all(figure["n"] and figure["low"] is not None for figure in cells.values())
    assert "abacus-s -> " in done.stdout
    assert (finished_run / "run.sqlite").read_bytes() == before
    page = (tmp_path / "r" / "report.html").read_text()
    assert "found on" in page
    with read_only(tmp_path / "r" / "run.sqlite") as store:
        assert {row["source"] for row in store.judged_attempts()} == {"", "abacus-s"}
    again = temper("report", "./r")
    assert again.returncode == 0, again.stderr
    assert (tmp_path / "r" / "report.html").read_text() == page


def test_the_same_command_continues_and_asks_nothing_again(
    temper: Command, finished_run: Path, tmp_path: Path
):
    command = ("replay", str(finished_run), "--on", "abacus-s", "--out", "./r", *SMALL)
    first = json.loads(temper(*command, "--json").stdout)
    second = json.loads(temper(*command, "--json").stdout)
    assert first == second


def test_what_a_replay_on_a_concern_weighs_is_held_to_its_caps_too(store: Store):
    explored = [f"The river runs past {n} mills." for n in range(20)]
    source = Source("", "message", 24, None, None, explored, 0.05)
    pool = [Chosen(Attack(text=f"Say {n}.", attacker="policy"), "accepted") for n in range(3)]
    config = parse_replay({"replay": {"runs": ["r"], "draws": 2}, "targets": [{"name": "t"}]})
    target = ScriptedTarget(
        lambda request: request.prompt.last.text, weigh=lambda prompt, answer: -1.0
    )

    def put(cap: int | None) -> Putting:
        budget = Budget(BudgetConfig(max_queries=cap))
        budget.remember(store.spent())
        return Putting(config, source, pool, Judges({}), store, budget)

    for cap in (8, 25, 33):
        stopped = put(cap)
        with pytest.raises(Stopped, match="--max-queries"):
            stopped.to("t", target, Silent())
        assert target.asked == cap
        stopped.to("t", target, Silent(), offline=True)
        assert target.asked == cap
    put(None).to("t", target, Silent())
    whole = target.asked
    assert whole == 20 + 12 + 3, "explored; put with and without attacks; what came back"
    put(whole).to("t", target, Silent())
    assert target.asked == whole


def test_a_run_without_accepted_attacks_or_results_is_refused_in_one_line(
    temper: Command, tmp_path: Path
):
    done = temper("replay", "nowhere", "--on", "abacus-s")
    assert done.returncode == 2
    assert "nowhere" in done.stderr
    assert done.stderr.count("\n") == 1


def remove(name: str) -> Spoiler:
    return lambda run: (run / name).unlink()


def spoil_database(run: Path) -> None:
    (run / "run.sqlite").write_bytes(b"no database" * 99)


def spoil_results(text: str) -> Spoiler:
    return lambda run: (run / "results.json").write_text(text)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (remove("run.sqlite"), "no run folder"),
        (spoil_database, "run.sqlite"),
        (remove("results.json"), "not finished"),
        (spoil_results("[1, 2]"), "holds no JSON object"),
        (spoil_results("{"), "cannot be read"),
        (spoil_results('{"targets": [], "figures": []}'), "no search for attacks"),
    ],
    ids=["no database", "no SQLite", "unfinished", "a list", "half a file", "a replay"],
)
def test_what_cannot_be_replayed_is_refused_in_one_line(
    temper: Command, finished_run: Path, tmp_path: Path, spoil: Spoiler, said: str
):
    run = tmp_path / "spoiled"
    shutil.copytree(finished_run, run)
    spoil(run)
    done = temper("replay", str(run), "--on", "abacus-s", "--out", "./r", *SMALL)
    assert done.returncode == 2, done.stderr
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
