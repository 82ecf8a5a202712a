"""`temper suite` and `temper ladder` from the front door: results, page, continuing, refusals."""

import json
from pathlib import Path

from temper.pipeline import rebuild_report
from temper.run_folder import finished_results
from temper.store import read_only
from tests.conftest import Command

SUITE = (
    *("suite", "arithmetic", "--suite", "clean", "--suite", "sycophancy", "--suite", "overload"),
    *("--items", "24", "--digits", "1", "--copies", "4", "--problems", "2", "--filler", "false"),
    *("--threads", "1", "--out", "./s"),
)
LADDER = (
    *("ladder", "--rung", "none", "--rung", "revise1", "--queries", "40", "--attacks", "2"),
    *("--problems", "2", "--items", "5", "--threads", "1", "--out", "./l"),
)


def test_suites_are_measured_reported_and_continued_for_free(temper: Command, tmp_path: Path):
    done = temper(*SUITE)
    assert done.returncode == 0, done.stderr
    assert "clean, right" in done.stdout
    assert "4 x false, false answer" in done.stdout
    results = finished_results(tmp_path / "s")
    names = {figure["name"] for figure in results["figures"]}
    assert {"suite.accuracy", "suite.steered", "overload.targeted", "overload.surprise"} <= names
    assert all(figure["by"]["target"] == "abacus-s" for figure in results["figures"])
    page = (tmp_path / "s" / "report.html").read_text()
    assert "built so that every weakness is known" in page
    with read_only(tmp_path / "s" / "run.sqlite") as store:
        before = store.spent()
        assert {row["stage"] for row in before} == {
            "suite/clean",
            "suite/sycophancy",
            "suite/overload",
        }
    again = temper(*SUITE, "--json")
    assert json.loads(again.stdout) == results
    assert rebuild_report(tmp_path / "s").read_text() == page


def test_an_unknown_suite_is_refused_in_one_line(temper: Command):
    unknown = temper("suite", "arithmetic", "--suite", "sums")
    assert unknown.returncode == 2
    assert unknown.stderr.count("\n") == 1
    assert "clean" in unknown.stderr


def test_a_model_that_cannot_add_is_told_so_plainly(
    temper: Command, test_data: Path, tmp_path: Path
):
    target = test_data / "targets" / "stories260k"
    done = temper(
        *("suite", "arithmetic", "--target", str(target), "--suite", "clean", "--suite", "ood"),
        *("--items", "24", "--digits", "1", "--threads", "1", "--out", "./s"),
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("This model does not add")
    assert "This model does not add" in (tmp_path / "s" / "report.html").read_text()


def test_the_ladder_attacks_and_uses_every_rung(temper: Command, tmp_path: Path):
    done = temper(*LADDER)
    assert done.returncode == 0, done.stderr
    results = finished_results(tmp_path / "l")
    cells = {
        (figure["by"]["mitigation"], figure["by"].get("split") or figure["by"].get("suite"))
        for figure in results["figures"]
    }
    for rung in ("none", "revise1"):
        cells_of_rung = {cell for name, cell in cells if name == rung}
        assert {"same", "fresh", "ood", "clean", "sequence_copying", "lookups"} <= cells_of_rung
    assert ("revise1", "adaptive") in cells
    calls = {
        figure["by"]["mitigation"]: figure["value"]
        for figure in results["figures"]
        if figure["name"] == "cost.calls"
    }
    assert calls["none"] == 1
    assert 1 < calls["revise1"] <= 2
    page = (tmp_path / "l" / "report.html").read_text()
    assert "speak to the reviser" in page
    assert rebuild_report(tmp_path / "l").read_text() == page
