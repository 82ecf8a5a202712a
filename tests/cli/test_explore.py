"""`temper explore` from the front door, on a shipped model and on a stranger's."""

import json
from pathlib import Path

import pytest

from temper.run_folder import DATABASE, finished_results
from temper.store import read_only
from tests.conftest import Command

SMALL = ("--clusters", "4", "--kept", "8", "--set", "target.threads=1")


def test_a_model_is_explored_and_its_page_drawn_anew(temper: Command, tmp_path: Path):
    command = ("explore", "--draws", "48", "--concern", "nonsense", "--out", "./e", *SMALL)
    done = temper(*command, "--set", "explore.min_words=1")
    assert done.returncode == 0, done.stderr
    assert "Vendi score" in done.stdout
    results = finished_results(tmp_path / "e")
    assert results["kind"] == "explore"
    assert results["cost"]["queries"] == 48
    with read_only(tmp_path / "e" / DATABASE) as store:
        assert len(store.samples(chosen=True)) == 8
    page = (tmp_path / "e" / "report.html").read_text()
    assert "<h1>nonsense</h1>" in page
    assert temper("report", "./e").returncode == 0
    assert (tmp_path / "e" / "report.html").read_text() == page


def test_both_prompts_and_openings_or_an_unknown_method_is_one_line(temper: Command):
    for arguments in (("--prompts", "a", "--openings", "b"), ("--method", "magic")):
        done = temper("explore", *arguments)
        assert done.returncode == 2
        assert done.stderr.count("\n") == 1, done.stderr


def test_a_stranger_s_model_is_explored_by_another_encoder(
    temper: Command, test_data: Path, tmp_path: Path
):
    target = test_data / "targets" / "stories260k"
    if not target.exists():
        pytest.skip("no stories260k there")
    done = temper(
        *("explore", "--target", str(target), "--embed", str(target), "--draws", "32"),
        *("--temperature", "1", "--part", "sentences", "--rounds", "2", "--json"),
        *("--out", "./s", *SMALL, "--set", "explore.no_repeat=3"),
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["figures"]
    with read_only(tmp_path / "s" / DATABASE) as store:
        later = [sample for sample in store.samples() if sample.round]
    assert later
