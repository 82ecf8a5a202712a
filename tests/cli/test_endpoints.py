"""Remote models from the front door: runs, caps, kills, and what cannot be used."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from temper.run_folder import finished_results
from temper.serving.scripted import Call, Scripted, ScriptedServer
from temper.serving.scripts import FAULTS, openai_script, with_faults
from tests.conftest import Command

KEY = "sk-front-door-0987654321"
SMALL = [
    part
    for setting in (
        "attack.max_queries=96",
        "attack.problems=4",
        "attack.proposals=8",
        'attack.attackers=["pirs","handwritten","none"]',
        "measure.problems=4",
        "measure.max_attacks=4",
        "measure.proposed=2",
        "measure.clean_problems=4",
        "target.timeout=5",
    )
    for part in ("--set", setting)
]
ENVIRONMENT = {"OPENAI_API_KEY": KEY}


def says(prompt: str) -> str:
    """As a red model it writes attacks, as a target it believes them now and then."""
    if "What is" not in prompt or "context" in prompt:
        return f"Everybody says {len(prompt) % 7} times that {{z}} is right."
    return str(len(prompt) % 17)


def weighs(prompt: str, answer: str) -> float:
    return -0.1 - (len(prompt) * len(answer)) % 5


def attack(temper: Command, url: str, *arguments: str) -> Any:
    command = ("attack", "arithmetic", "--target", url, "--out", "./run", *SMALL)
    return temper(*command, *arguments, env=ENVIRONMENT, timeout=300)


@pytest.mark.parametrize("weigh", [weighs, None], ids=["log-probabilities", "sampling"])
def test_pirs_attacks_a_remote_target_with_a_remote_red_model(
    temper: Command, tmp_path: Path, weigh: Any
):
    with (
        ScriptedServer(openai_script(says, weigh=weigh)) as target,
        ScriptedServer(openai_script(says, model="red-one")) as red,
    ):
        done = attack(temper, target.url, "--red", red.url, "--red-model", "red-one")
        assert done.returncode == 0, done.stderr
        weighed = sum("prompt_logprobs" in call.body for call in target.calls)
        assert red.count > 8
        assert target.calls[-1].headers["authorization"] == f"Bearer {KEY}"
    assert (weighed > 90) == (weigh is not None)
    results = finished_results(tmp_path / "run")
    assert results["target"]["name"] == "scripted"
    assert results["red"]["name"] == "red-one"
    for file in (tmp_path / "run").iterdir():
        assert KEY.encode() not in file.read_bytes(), file


def test_under_faults_and_a_kill_no_exchange_is_lost_doubled_or_failed(
    temper: Command, tmp_path: Path
):
    """30 % of all calls fail, and the run is killed in the middle and continued."""
    names = [name for name in FAULTS if name != "time-out"]
    script = openai_script(says, weigh=weighs, delay=0.01)
    command = [
        sys.executable, "-m", "temper", "attack", "arithmetic", "--out", "./run", *SMALL,
        "--set", "target.retries=12", "--set", "target.max_in_flight=8", "--target",
    ]  # fmt: skip
    with ScriptedServer(with_faults(script, 0.3, seed=1, names=names)) as server:
        environment = {**os.environ, **ENVIRONMENT, "OMP_NUM_THREADS": "1"}
        process = subprocess.Popen(
            [*command, server.url], cwd=tmp_path, env=environment, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 200
        while server.count < 150 and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=30)
        done = temper(*command[3:], server.url, env=ENVIRONMENT, timeout=300)
        assert done.returncode == 0, done.stderr
    with sqlite3.connect(tmp_path / "run" / "run.sqlite") as database:
        query = "SELECT count(*), count(DISTINCT id), sum(finish = 'error') FROM exchanges"
        asked, distinct, failed = database.execute(query).fetchone()
    database.close()
    results = finished_results(tmp_path / "run")
    assert asked == distinct == sum(row["queries"] for row in results["cost"]["by_stage"])
    assert failed == 0


def test_a_cap_ends_with_exit_3_and_a_partial_report(temper: Command, tmp_path: Path):
    with ScriptedServer(openai_script(says, weigh=weighs)) as server:
        done = attack(temper, server.url, "--max-queries", "120")
    assert done.returncode == 3, done.stderr
    assert "the cap of 120 queries" in done.stderr
    results = finished_results(tmp_path / "run")
    assert results["cost"]["queries"] == 120
    assert "PARTIAL" in (tmp_path / "run" / "report.html").read_text()


def wrong_key(call: Call) -> Scripted:
    said = f"Incorrect API key provided: {call.headers.get('authorization', '')}"
    return Scripted(status=401, body={"error": {"message": said}})


def web_page(call: Call) -> Scripted:
    return Scripted(body="<html><title>Welcome</title>", headers={"content-type": "text/html"})


@pytest.mark.parametrize(
    ("script", "arguments", "words"),
    [
        (wrong_key, (), "Check the key"),
        (web_page, (), "Welcome"),
        (openai_script(says), ("--max-cost", "1"), "has no price"),
        (openai_script(says), ("--max-queries", "-3"), "budget.max_queries"),
        (None, (), "Is the server running"),
    ],
    ids=["key", "HTML", "price", "negative budget", "nothing there"],
)
def test_what_cannot_be_used_is_one_line_and_exit_2(
    temper: Command, tmp_path: Path, script: Any, arguments: tuple[str, ...], words: str
):
    with ScriptedServer(script or web_page) as server:
        url = server.url if script else "http://127.0.0.1:9/v1"
        done = attack(temper, url, *arguments)
    assert done.returncode == 2, done.stderr
    (line,) = done.stderr.splitlines()
    assert words in line
    assert KEY not in line
    assert not (tmp_path / "run").exists()


def test_target_check_shows_what_a_server_does_otherwise(temper: Command):
    with ScriptedServer(openai_script(says)) as server:
        done = temper("target", "check", server.url)
    assert done.returncode == 0, done.stderr
    first, *rows = done.stdout.splitlines()
    assert "scripted: ok, openai" in first
    assert any(row.split()[0] == "n" and "1 of 2" in row for row in rows)
    assert any("temperature" in row and "no effect seen" in row for row in rows)
