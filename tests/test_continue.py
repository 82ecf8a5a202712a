import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

KILLS = 25


def rows(folder: Path, query: str) -> list[tuple[Any, ...]]:
    database = sqlite3.connect(f"file:{folder / 'run.sqlite'}?mode=ro", uri=True)
    found = database.execute(query).fetchall()
    database.close()
    return found


def without_seconds(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_seconds(item) for key, item in value.items() if key != "seconds"}
    if isinstance(value, list):
        return [without_seconds(item) for item in value]
    return value


def test_a_run_killed_25_times_ends_as_an_undisturbed_one(tmp_path: Path):
    driver = Path(__file__).with_name("kill_driver.py")
    done = subprocess.run(
        [sys.executable, str(driver), str(tmp_path), str(KILLS)],
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= KILLS, "the run ended before it could be killed often enough"
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    for query in (
        "SELECT id, response, logprobs, finish FROM exchanges ORDER BY id",
        "SELECT * FROM attacks ORDER BY attacker, seed, place",
        "SELECT * FROM attempts ORDER BY id",
        "SELECT * FROM verdicts ORDER BY subject_id, measure",
        "SELECT * FROM findings ORDER BY attacker, attack_id",
    ):
        assert rows(whole, query) == rows(killed, query), query
    results = [json.loads((folder / "results.json").read_text()) for folder in (whole, killed)]
    assert without_seconds(results[0]) == without_seconds(results[1])
