"""`temper compare`, from the front door."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.conftest import Command


def changed(run: Path, copy: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    """A copy of a run whose results.json says something else."""
    shutil.copytree(run, copy)
    results = json.loads((copy / "results.json").read_text())
    change(results)
    (copy / "results.json").write_text(json.dumps(results))
    return copy


def test_a_run_compared_with_itself_shows_no_change_and_passes_the_gate(
    temper: Command, finished_run: Path
):
    done = temper("compare", str(finished_run), str(finished_run), "--fail-if-worse", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["same_target"]
    assert found["changes"]
    assert all(change["value"] == 0 for change in found["changes"])
    assert {change["verdict"] for change in found["changes"]} == {"no change shown"}
    units = {(change["name"], change["unit"]) for change in found["changes"]}
    assert ("clean.accuracy", "problem") in units
    assert ("attack.targeted", "attack") in units


def test_every_rate_compared_is_printed_with_all_that_it_must_carry(
    temper: Command, finished_run: Path
):
    done = temper("compare", str(finished_run), str(finished_run))
    sides = [line for line in done.stdout.splitlines() if line.startswith(("  before", "  after"))]
    assert sides
    for line in sides:
        assert all(part in line for part in ("n = ", "[", "judge exact", "unknown"))


def test_unlike_protocols_are_refused_with_the_difference_named_or_stamped(
    temper: Command, finished_run: Path, tmp_path: Path
):
    def other_problems(results: dict[str, Any]) -> None:
        results["protocol"]["measure.problems"] = 99

    other = changed(finished_run, tmp_path / "other", other_problems)
    refused = temper("compare", str(finished_run), str(other))
    assert refused.returncode == 2
    assert "measure.problems (4 before, 99 after)" in refused.stderr
    assert refused.stderr.count("\n") == 1
    stamped = temper("compare", str(finished_run), str(other), "--allow-unlike")
    assert stamped.returncode == 0
    assert "UNLIKE PROTOCOLS: measure.problems" in stamped.stdout


def test_a_run_that_got_worse_fails_the_gate_with_code_100(
    temper: Command, finished_run: Path, tmp_path: Path
):
    def fall(results: dict[str, Any]) -> None:
        for figure in results["figures"]:
            if figure["name"] == "suite.accuracy":
                figure |= {"value": 0.5, "low": 0.4, "high": 0.6}

    suite = {"name": "suite.accuracy", "value": 0.99, "low": 0.97, "high": 1.0, "n": 400}
    suite |= {"unknown": 0, "bounds": None, "void": 0, "cluster": "problem", "clusters": 400}
    suite |= {"measure": "arithmetic/any", "judge": "exact", "by": {"suite": "word_problems"}}
    before = changed(finished_run, tmp_path / "b", lambda results: results["figures"].append(suite))
    after = changed(before, tmp_path / "a", fall)
    done = temper("compare", str(before), str(after), "--fail-if-worse")
    assert done.returncode == 100
    assert "-49.0 points" in done.stdout
    assert "1 of " in done.stdout
    assert "the widest (suite.accuracy)" not in done.stdout

    def unread(results: dict[str, Any]) -> None:
        suite = next(one for one in results["figures"] if one["name"] == "suite.accuracy")
        suite |= {"unknown": 200, "bounds": [0.25, 0.99]}

    unsure = changed(after, tmp_path / "u", unread)
    first = temper("compare", str(before), str(unsure)).stdout.splitlines()[0]
    assert first.startswith("unreadable answers could change the conclusion of ")
    assert "the widest (suite.accuracy) lies anywhere between -74.0 and +0.0 points" in first
    strict = temper("compare", str(before), str(after), "--strict", "--margin", "1")
    assert strict.returncode == 0, strict.stderr

    def unreadable(results: dict[str, Any]) -> None:
        suite = next(one for one in results["figures"] if one["name"] == "suite.accuracy")
        suite |= {"value": None, "low": None, "high": None, "unknown": 400, "bounds": [0, 1]}

    silent = changed(after, tmp_path / "s", unreadable)
    words = ("compare", str(before), str(silent), "--margin", "0.9")
    assert temper(*words, "--fail-if-worse").returncode == 0
    shut = temper(*words, "--strict")
    assert shut.returncode == 100, "strict is a gate by itself, and does not pass what is unread"
    assert "suite.accuracy" in shut.stderr
    again = temper("compare", str(after), str(before), "--fail-if-worse")
    assert again.returncode == 0
    assert ": better" in again.stdout


def test_circular_rates_are_left_out_by_name(temper: Command, finished_run: Path, tmp_path: Path):
    def stamp(results: dict[str, Any]) -> None:
        for figure in results["figures"]:
            if figure["name"] == "clean.accuracy":
                figure["circular"] = "the judge was rewarded"

    circular = changed(finished_run, tmp_path / "circular", stamp)
    done = temper("compare", str(circular), str(finished_run))
    assert done.returncode == 0
    assert "left out  clean.accuracy" in done.stdout
    assert "circular, the judge was rewarded" in done.stdout
    assert "\nclean.accuracy" not in done.stdout


def test_what_cannot_be_compared_is_refused_in_one_line(
    temper: Command, finished_run: Path, tmp_path: Path
):
    def several(results: dict[str, Any]) -> None:
        del results["target"]

    replayed = changed(finished_run, tmp_path / "replayed", several)
    stop = {"partial": {"reason": "200 queries were asked", "unfinished": ["measure"]}}
    partial = changed(finished_run, tmp_path / "partial", lambda results: results.update(stop))
    gate = (str(finished_run), str(partial), "--allow-unlike", "--fail-if-worse")
    for arguments, said in (
        (gate, "the gate passes nothing that was stopped early"),
        (("nowhere", str(finished_run)), "is a run and nowhere a model"),
        ((str(finished_run), str(finished_run), "--junit", "/proc/no/gate.xml"), "/proc/no"),
        ((str(finished_run), str(replayed)), "several targets"),
        ((str(finished_run), str(partial)), "is partial (stopped because 200 queries were asked)"),
    ):
        done = temper("compare", *arguments)
        assert done.returncode == 2
        assert said in done.stderr
        assert done.stderr.count("\n") == 1
