import json
import sqlite3
from pathlib import Path

import pytest

from tests.conftest import TINY, Command

SMALL = [part for setting in TINY for part in ("--set", setting)]


def fails_in_one_line(done, code: int = 2) -> str:  # type: ignore[no-untyped-def]
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    lines = [line for line in done.stderr.splitlines() if line.startswith("temper:")]
    assert len(lines) == 1, done.stderr
    return lines[0]


def attack(temper: Command, *arguments: str):  # type: ignore[no-untyped-def]
    return temper("attack", "arithmetic", *SMALL, *arguments)


def test_a_missing_path_is_one_line_and_exit_2(temper: Command):
    assert "does not exist" in fails_in_one_line(attack(temper, "--target", "./nowhere"))


def test_a_folder_without_config_is_one_line_and_exit_2(temper: Command, tmp_path: Path):
    (tmp_path / "empty").mkdir()
    assert "no config.json" in fails_in_one_line(temper("target", "check", "./empty"))


def test_pickled_weights_only_is_one_line_and_exit_2(temper: Command, tmp_path: Path):
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "config.json").write_text("{}")
    (tmp_path / "old" / "pytorch_model.bin").write_bytes(b"\x80")
    assert "safetensors only" in fails_in_one_line(temper("target", "check", "./old"))


def test_a_wrong_type_in_the_toml_is_one_line_and_exit_2(temper: Command, tmp_path: Path):
    (tmp_path / "run.toml").write_text("[attack]\nthreshold = 'high'\n")
    line = fails_in_one_line(attack(temper, "--config", "run.toml"))
    assert "attack.threshold" in line


def test_a_damaged_database_is_one_line_and_exit_2(temper: Command, tmp_path: Path):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "run.sqlite").write_bytes(b"garbage" * 1_000)
    assert "damaged" in fails_in_one_line(attack(temper, "--out", "./run"))


def test_a_full_disk_is_one_line_and_exit_2(temper: Command):
    done = attack(temper, "--out", "./run", "--set", "run.max_database_mb=0.1")
    assert "run.max_database_mb" in fails_in_one_line(done)


def test_a_report_of_no_run_is_one_line_and_exit_2(temper: Command):
    assert "no run folder" in fails_in_one_line(temper("report", "nowhere"))


def test_target_check_says_in_one_line_what_the_target_can_do(temper: Command):
    done = temper("target", "check", "abacus-s")
    assert done.returncode == 0
    (line,) = done.stdout.splitlines()
    for skill in ("ok", "chat", "log-probabilities", "hidden states", "context 2048"):
        assert skill in line


def test_a_run_writes_all_its_files_and_the_same_command_continues_it(
    temper: Command, finished_run: Path
):
    for name in ("config.toml", "run.sqlite", "results.json", "report.html"):
        assert (finished_run / name).exists()
    before = (finished_run / "results.json").read_text()
    done = attack(temper, "--out", str(finished_run), "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout) == json.loads(before)


def test_a_larger_budget_is_allowed_and_a_new_threshold_is_not(temper: Command, finished_run: Path):
    line = fails_in_one_line(
        attack(temper, "--out", str(finished_run), "--set", "attack.threshold=3")
    )
    assert "attack.threshold changed" in line
    assert "--redo search" in line


def test_every_rate_of_results_json_carries_what_it_must(finished_run: Path):
    results = json.loads((finished_run / "results.json").read_text())
    assert {"target", "protocol", "figures", "cost"} <= set(results)
    names = {figure["name"] for figure in results["figures"]}
    assert {"clean.accuracy", "attack.targeted", "findings.distinct"} <= names
    for figure in results["figures"]:
        assert {"n", "unknown", "bounds", "cluster", "measure", "judge", "corrected"} <= set(figure)
        if figure["cluster"] and figure["value"] is not None:
            assert 0 <= figure["low"] <= figure["value"] <= figure["high"] <= 1
            assert figure["judge"] == "exact"


def test_every_attempt_has_both_verdicts_and_its_exchange(finished_run: Path):
    database = sqlite3.connect(f"file:{finished_run / 'run.sqlite'}?mode=ro", uri=True)
    (attempts,) = database.execute("SELECT count(*) FROM attempts").fetchone()
    (verdicts,) = database.execute("SELECT count(*) FROM verdicts").fetchone()
    (orphans,) = database.execute(
        "SELECT count(*) FROM attempts WHERE exchange_id NOT IN (SELECT id FROM exchanges)"
    ).fetchone()
    database.close()
    assert attempts > 100
    assert (verdicts, orphans) == (2 * attempts, 0)


NO_SOCKETS = """
import sys
def bar(event, arguments):
    # the run lock records the host's name, which opens nothing
    if event.startswith("socket.") and event != "socket.gethostname":
        raise AssertionError(f"{event}: a socket was used")
sys.addaudithook(bar)
sys.argv = ["temper", *sys.argv[1:]]
from temper.cli import main
main()
"""


def test_the_demo_s_path_opens_no_socket(tmp_path: Path):
    import os
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, "-c", NO_SOCKETS, "attack", "arithmetic", "--out", "./run", *SMALL],
        cwd=tmp_path,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("arguments", [(), ("attack",), ("attack", "arithmetic"), ("demo",)])
def test_every_command_explains_itself(temper: Command, arguments: tuple[str, ...]):
    done = temper(*arguments, "--help")
    assert done.returncode == 0
    assert "Usage" in done.stdout
