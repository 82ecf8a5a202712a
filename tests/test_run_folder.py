import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from temper.errors import ArtifactError, ConfigError, LockedError
from temper.run_folder import existing_run, locked, run_path
from temper.stages import refresh_stages
from temper.store import Store

HOLD = """
import sys, time
from pathlib import Path
from temper.run_folder import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def hold(folder: Path) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_two_processes_never_work_in_one_folder_and_a_dead_one_s_lock_is_broken(tmp_path: Path):
    process = hold(tmp_path)
    try:
        with pytest.raises(LockedError, match="another temper works"), locked(tmp_path):
            pass
    finally:
        process.kill()
        process.communicate()
    deadline = time.monotonic() + 10
    while True:
        try:
            with locked(tmp_path):
                break
        except LockedError:
            assert time.monotonic() < deadline, "a dead process's lock still holds"
            time.sleep(0.2)
    assert not (tmp_path / "run.lock").exists()


def test_a_run_is_named_by_its_folder_or_by_its_name_under_runs(tmp_path: Path):
    os.chdir(tmp_path)
    assert run_path("demo") == Path("runs/demo")
    assert run_path("a/b") == Path("a/b")
    (tmp_path / "here").mkdir()
    assert run_path("here") == Path("here")
    with pytest.raises(ArtifactError, match="no run folder"):
        existing_run("here")


def stages(**changes: Any) -> dict[str, dict[str, Any]]:
    shared = {"run.seed": 0, "target": "h"}
    return {
        "search/pirs": {**shared, "attack.threshold": 1.0} | changes,
        "measure": {**shared, "measure.problems": 40},
    }


def test_a_changed_setting_names_its_stage_and_asks_for_redo(store: Store):
    refresh_stages(store, stages(), None)
    refresh_stages(store, stages(), None)
    with pytest.raises(ConfigError) as caught:
        refresh_stages(store, stages(**{"attack.threshold": 2.0}), None)
    assert "attack.threshold changed (1.0 -> 2.0)" in str(caught.value)
    assert "--redo search" in str(caught.value)
    refresh_stages(store, stages(**{"attack.threshold": 2.0}), "search")


def test_sections_of_stages_not_yet_run_may_be_added(store: Store):
    refresh_stages(store, {"search/pirs": stages()["search/pirs"]}, None)
    refresh_stages(store, {**stages(), "search/random": stages()["search/pirs"]}, None)


def test_redoing_a_stage_that_is_none_says_which_there_are(store: Store):
    with pytest.raises(ConfigError, match="there are measure, search"):
        refresh_stages(store, stages(), "explore")
