"""The commands from labels to a guarded stream, and one clear line for what cannot be."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from temper.run_folder import finished_results
from tests.cli.test_commands import fails_in_one_line
from tests.conftest import Command
from tests.establish.conftest import sentence


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    import random

    rng = random.Random(1)
    rows = [sentence(rng) for _ in range(120)]
    path = tmp_path / "data.csv"
    path.write_text("text,label\n" + "\n".join(f'"{text}",{label}' for text, label in rows) + "\n")
    return path


LABELS = ("--labels", "wet,dry,neither", "--failure", "wet")


def test_a_rule_on_words_labels_a_table(temper: Command, csv: Path):
    rule = ("--word", "rain*", "--word", "moss", "--then", "wet", "--else", "dry")
    done = temper("label-with", "words", "./run", "--items", str(csv), *rule, *LABELS)
    assert done.returncode == 0, done.stderr
    assert "of them new" in done.stdout


def test_from_a_table_to_a_guarded_stream(temper: Command, csv: Path, tmp_path: Path):
    done = temper("label-with", "file", "./run", str(csv), *LABELS)
    assert done.stdout == "120 labels, 120 of them new\n", done.stderr
    done = temper("establish", "./run", "--set", "establish.members=2")
    assert done.returncode == 0, done.stderr
    assert "measure.macro_recall" in done.stdout
    done = subprocess.run(
        [sys.executable, "-m", "temper", "guard", "./run", "--keep", "hit"],
        input='{"text": "There is rain, and moss."}\n{"text": "There is dust, and sand."}\n',
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    (line,) = done.stdout.splitlines()
    assert json.loads(line)["label"] == "wet"
    assert "hit 1, safe 1, unknown 0" in done.stderr
    assert "report.html" in temper("report", "./run").stdout
    small = ("--draws", "48", "--clusters", "3", "--kept", "6", "--set", "explore.min_words=1")
    done = temper("explore", "--suspect", "./run", "--rounds", "2", "--out", "./e", *small)
    assert done.returncode == 0, done.stderr
    protocol = finished_results(tmp_path / "e")["protocol"]
    assert protocol["explore.suspect"] == finished_results(tmp_path / "run")["target"]["hash"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["label-with", "file", "./run", "data.csv", "--label", "verdict", *LABELS], "'verdict'"),
        (
            ["label-with", "file", "./run", "data.csv", *LABELS[:1], "wet,dry", *LABELS[2:]],
            "neither",
        ),
        (["label-with", "file", "./run", "none.csv", *LABELS], "does not exist"),
        (["label-with", "file", "./run", "data.csv"], "--labels"),
        (["establish", "./run"], "no run folder"),
        (["guard", "./run"], "no measure"),
        (["explore", "--suspect", "./run"], "rounds"),
        (["explore", "--suspect", "./run", "--rounds", "2"], "no measure"),
    ],
)
def test_bad_input_is_one_line_and_exit_2(
    temper: Command, csv: Path, arguments: list[str], says: str
):
    assert says in fails_in_one_line(temper(*arguments))


def test_one_class_and_one_annotator_are_one_line_and_exit_2(temper: Command, tmp_path: Path):
    rows = "".join(f"rain {n} moss,wet\n" for n in range(30))
    (tmp_path / "one.csv").write_text("text,label\n" + rows)
    assert temper("label-with", "file", "./run", "one.csv", *LABELS).returncode == 0
    assert "only wet" in fails_in_one_line(temper("establish", "./run"))
    assert "two annotators" in fails_in_one_line(temper("agreement", "./run"))
