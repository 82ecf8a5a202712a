"""`temper rate`: honest rates from any tool's verdicts, from the front door."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import Command

Table = Callable[..., Path]


@pytest.fixture
def table(tmp_path: Path) -> Table:
    """Verdicts of a judge that finds 92 of 100 hits and clears 39 of 100 sound answers."""

    def write(audited: int, attacks: int = 60, name: str = "verdicts.csv") -> Path:
        generator = np.random.default_rng(1)
        attack = np.repeat(np.arange(attacks), 12)
        truth = generator.random(len(attack)) < generator.beta(2, 8, attacks)[attack]
        called = generator.random(len(attack)) < np.where(truth, 0.92, 0.61)
        checked = set(generator.choice(len(attack), audited, replace=False).tolist())
        rows = ["attack,verdict,truth"]
        for number in range(len(attack)):
            found = ("hit" if truth[number] else "safe") if number in checked else ""
            rows.append(f"{attack[number]},{int(called[number])},{found}")
        (tmp_path / name).write_text("\n".join(rows))
        return tmp_path / name

    return write


def figure_of(text: str) -> dict[str, float]:
    return json.loads(text)["figure"]


def test_without_an_audit_the_rate_is_called_uncorrected(temper: Command, table: Table):
    done = temper("rate", str(table(0)), "--cluster", "attack", "--judge", "a model")
    assert done.returncode == 0, done.stderr
    for part in ("n = 720", "60 clusters (attack)", "judge a model, uncorrected", "unknown 0"):
        assert part in done.stdout


def test_an_audit_corrects_a_judge_that_is_far_off(temper: Command, table: Table):
    done = temper("rate", str(table(200)), "--cluster", "attack", "--json")
    figure = figure_of(done.stdout)
    assert figure["value"] > 0.6
    assert figure["corrected_low"] < 0.19 < figure["corrected_high"]  # 19 % are true hits
    assert figure["audited"] == 200


def test_a_plan_names_the_rows_to_check_and_keeps_the_chances(
    temper: Command, table: Table, tmp_path: Path
):
    file = table(60)
    plan = ("--these", "--cluster", "attack", "--half-width", "0.05", "--plan-to", "plan.csv")
    done = temper("rate", str(file), *plan, "--json")
    wanted = json.loads(done.stdout)["rows_to_check"]
    lines = (tmp_path / "plan.csv").read_text().splitlines()
    assert len(lines) == 721
    assert [int(line.split(",")[0]) for line in lines[1:] if line.split(",")[1] == "1"] == wanted
    assert "check" in temper("rate", str(file), *plan).stdout


def test_few_clusters_are_said_and_give_no_corrected_range(temper: Command, table: Table):
    done = temper("rate", str(table(60, attacks=10)), "--cluster", "attack")
    assert "too few clusters" in done.stdout
    assert "no interval" in done.stdout


def test_unknown_verdicts_are_counted_with_their_bounds(temper: Command, tmp_path: Path):
    (tmp_path / "v.jsonl").write_text('{"verdict": "hit"}\n{"verdict": null}\n{"verdict": 0}\n')
    done = temper("rate", "v.jsonl")
    assert "unknown 1" in done.stdout
    assert "between 33.3 % and 66.7 % with them" in done.stdout


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("verdict\nmaybe\n", "line 2: 'maybe' is no verdict"),
        ("other\n1\n", "no column 'verdict'"),
        ("verdict\n", "holds no rows"),
        ("verdict,truth,inclusion\n1,1,7\n", "outside [0, 1]"),
    ],
)
def test_a_bad_table_is_refused_with_its_line(
    temper: Command, tmp_path: Path, text: str, said: str
):
    (tmp_path / "v.csv").write_text(text)
    done = temper("rate", "v.csv")
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_judges_errors_and_the_cross_check_stand_beside_the_corrected_rate(
    temper: Command, table: Table
):
    file = str(table(200))
    audit = json.loads(temper("rate", file, "--cluster", "attack", "--json").stdout)["audit"]
    for name, truth in (("sensitivity", 0.92), ("specificity", 0.39), ("cross_check", 0.19)):
        _, low, high = audit[name]
        assert low < truth < high
    said = temper("rate", file, "--cluster", "attack").stdout
    for part in ("by the audit of 200 the judge finds", "of the hits and clears", "Rogan"):
        assert part in said


def test_unknowns_and_a_circular_judge_are_said_in_the_first_lines(temper: Command, tmp_path: Path):
    (tmp_path / "v.csv").write_text("verdict\n" + "hit\nunknown\nsafe\n" * 20)
    done = temper("rate", "v.csv", "--circular", "it rewarded the attacker")
    first, second, *rest = done.stdout.splitlines()
    assert "could change the conclusion" in first
    assert "circular (it rewarded the attacker)" in second
    assert "CIRCULAR: it rewarded the attacker" in rest[0]
