"""`temper run`: a grid of targets and seeds from one file, from the front door."""

import json
from pathlib import Path

from temper.run_folder import finished_results
from tests.conftest import Command

RECIPE = Path(__file__).parents[2] / "recipes" / "arithmetic.toml"
SMALL = [
    part
    for setting in (
        "campaign.seeds=[1,2]",
        'attack.attackers=["pirs","handwritten","none"]',
        "attack.max_queries=160",
        "attack.problems=4",
        "attack.proposals=12",
        "measure.problems=4",
        "measure.max_attacks=4",
        "measure.proposed=2",
        "measure.clean_problems=10",
        "campaign.transfer_attacks=3",
    )
    for part in ("--set", setting)
]


def test_every_target_meets_every_seed_and_the_figures_are_pooled(temper: Command, tmp_path: Path):
    done = temper("run", str(RECIPE), "--target", "abacus-s", "--out", "./grid", *SMALL)
    assert done.returncode == 0, done.stderr
    results = finished_results(tmp_path / "grid")
    assert results["runs"] == ["abacus-s-1", "abacus-s-2"]
    for run in results["runs"]:
        assert (tmp_path / "grid" / run / "report.html").exists()
    names = {figure["name"] for figure in results["figures"]}
    assert {"attack.targeted", "search.accepted", "findings.distinct", "transfer.targeted"} <= names
    pooled = [
        figure
        for figure in results["figures"]
        if figure["name"] == "search.accepted" and "max_queries" not in figure["by"]
    ]
    assert all("mean of 2 searches" in figure["note"] for figure in pooled)
    page = (tmp_path / "grid" / "report.html").read_text()
    assert "Who carries over to whom" in page
    again = temper("run", str(RECIPE), "--target", "abacus-s", "--out", "./grid", "--json", *SMALL)
    assert json.loads(again.stdout) == results
    assert temper("report", "./grid").returncode == 0


def test_a_file_without_a_campaign_is_refused_in_one_line(temper: Command, tmp_path: Path):
    (tmp_path / "plain.toml").write_text("[attack]\nmax_queries = 10\n")
    done = temper("run", "plain.toml")
    assert done.returncode == 2
    assert "campaign" in done.stderr
    assert done.stderr.count("\n") == 1


def test_attacks_can_be_searched_for_one_problem_at_a_time(temper: Command, tmp_path: Path):
    settings = [
        part
        for setting in (
            "attack.scope=one",
            'attack.attackers=["handwritten"]',
            "attack.problems=3",
            "attack.max_queries=120",
            "measure.problems=4",
            "measure.clean_problems=10",
            "target.threads=1",
        )
        for part in ("--set", setting)
    ]
    done = temper("attack", "arithmetic", "--out", "./one", *settings)
    assert done.returncode == 0, done.stderr
    figures = finished_results(tmp_path / "one")["figures"]
    splits = {
        figure["by"]["split"]
        for figure in figures
        if figure["name"] == "attack.targeted" and figure["by"].get("attacks") == "accepted"
    }
    assert splits == {"search", "unseen"}
