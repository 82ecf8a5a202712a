import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.conftest import Command


def test_ctrl_c_keeps_what_was_answered_and_exits_with_3(temper: Command, tmp_path: Path):
    settings = ["--set", "target.threads=1", "--set", "attack.problems=4"]
    command = ["attack", "arithmetic", "--out", "./run", "--search-queries", "4000", *settings]
    process = subprocess.Popen(
        [sys.executable, "-m", "temper", *command],
        cwd=tmp_path,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        stderr=subprocess.PIPE,
        text=True,
    )
    database = tmp_path / "run" / "run.sqlite-wal"
    deadline = time.monotonic() + 60
    while not (database.exists() and database.stat().st_size > 200_000):
        assert time.monotonic() < deadline, "the run never began"
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=30)
    assert process.returncode == 3, error
    assert "run the same command to go on" in error
    assert "Traceback" not in error
