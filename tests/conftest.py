import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

from temper.config import TargetConfig
from temper.protocols import Target
from temper.store import Store
from temper.targets.registry import open_target

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
Command = Callable[..., subprocess.CompletedProcess[str]]

TINY = (
    "attack.max_queries=48",
    "attack.problems=4",
    "attack.proposals=8",
    "measure.problems=4",
    "measure.proposed=2",
    "measure.clean_problems=10",
    "target.threads=1",
)
"""Settings of the smallest run that still does everything."""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "run.sqlite")


@pytest.fixture(scope="session")
def abacus() -> Target:
    """The shipped model, loaded once."""
    return open_target(TargetConfig(name="abacus-s", threads=1))


@pytest.fixture
def temper(tmp_path: Path) -> Command:
    """Run the command in a folder of its own, as a user would."""

    def run(
        *arguments: str, env: dict[str, str] | None = None, timeout: float = 120
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "temper", *arguments],
            cwd=tmp_path,
            env={**os.environ, "OMP_NUM_THREADS": "1", **(env or {})},
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def finished_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One small run from the front door, shared by the tests that only look at it."""
    folder = tmp_path_factory.mktemp("finished") / "run"
    settings = [part for setting in TINY for part in ("--set", setting)]
    done = subprocess.run(
        [sys.executable, "-m", "temper", "attack", "arithmetic", "--out", str(folder), *settings],
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="session")
def test_data() -> Path:
    """Third-party data and checkpoints beside the project; absent on most machines."""
    folder = os.environ.get("TEMPER_TEST_DATA")
    if not folder:
        pytest.skip("TEMPER_TEST_DATA names no folder with third-party checkpoints")
    return Path(folder)


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    if CHROMIUM is None:
        if os.environ.get("TEMPER_TEST_REQUIRE_BROWSER"):
            pytest.fail("no chromium, and TEMPER_TEST_REQUIRE_BROWSER is set")
        pytest.skip("no chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
            ],
        )
        yield browser
        browser.close()
