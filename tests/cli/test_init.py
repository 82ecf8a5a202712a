"""From `temper init` to a measure: the file runs as it is written."""

import tomllib
from pathlib import Path

from tests.cli.test_commands import fails_in_one_line
from tests.conftest import Command

RECIPES = Path(__file__).parent.parent.parent / "recipes"


def test_what_init_writes_runs_as_it_is_and_waits_for_people(temper: Command, tmp_path: Path):
    worry = 'it says "sums" that are wrong \\ or odd'
    done = temper("init", "worry.toml", "--target", "abacus-s", "--concern", worry)
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "worry.toml").read_text()
    assert text.count("#") > 10
    assert tomllib.loads(text)["concern"]["text"] == worry
    assert "exists already" in fails_in_one_line(
        temper("init", "worry.toml", "--target", "abacus-s", "--concern", worry)
    )
    small = [
        part
        for setting in ("explore.draws=80", "explore.clusters=3", "explore.kept=20")
        for part in ("--set", setting)
    ]
    done = temper("run", "worry.toml", "--out", "./run", "--set", "target.threads=1", *small)
    assert done.returncode == 3, done.stderr
    assert "0 of 20 texts are labelled" in done.stdout
    assert "temper label run" in done.stdout
    assert (tmp_path / "run" / "explore.html").exists()


def test_a_failure_that_is_no_label_is_one_line_and_exit_2(temper: Command):
    arguments = ("init", "worry.toml", "--target", "abacus-s", "--concern", "x")
    line = fails_in_one_line(temper(*arguments, "--labels", "good,bad", "--failure", "ugly"))
    assert "'ugly'" in line
