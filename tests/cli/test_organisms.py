"""`temper organisms`: list, build and check from the front door."""

import json
from pathlib import Path

from tests.conftest import Command


def test_the_list_names_every_model_with_its_size(temper: Command):
    done = temper("organisms", "list", "--json")
    rows = {row["name"]: row for row in json.loads(done.stdout)}
    assert done.returncode == 0, done.stderr
    assert {"abacus-s", "abacus-m", "abacus-l", "abacus-x", "abacus-sound"} <= set(rows)
    assert rows["abacus-s"]["parameters"] > 900_000
    assert rows["abacus-m"]["context"] == 8192
    assert "abacus-s" in temper("organisms", "list").stdout


def test_a_check_measures_every_skill_and_family_and_writes_the_figures(
    temper: Command, tmp_path: Path
):
    done = temper("organisms", "check", "abacus-s", "--n", "2", "--out", "./out")
    assert done.returncode == 0, done.stderr
    results = json.loads((tmp_path / "out" / "results.json").read_text())
    assert results["target"]["name"] == "abacus-s"
    skills = {row["by"]["skill"] for row in results["figures"] if row["name"] == "organism.skill"}
    assert {"sums", "copying", "inversion", "revising"} <= skills
    families = {row["by"].get("family") for row in results["figures"]}
    assert {"redefinition", "denial", None} <= families
    assert "n = 2" in done.stdout


def test_a_name_that_is_no_model_is_refused_in_one_line(temper: Command):
    for verb in ("build", "check"):
        done = temper("organisms", verb, "abacus-xxl")
        assert done.returncode == 2
        assert "abacus-s" in done.stderr
        assert done.stderr.count("\n") == 1


def test_a_build_never_writes_over_a_folder(temper: Command, tmp_path: Path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    done = temper("organisms", "build", "abacus-s", "--out", "mine")
    assert done.returncode == 2
    assert "mine" in done.stderr
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "years of work"
