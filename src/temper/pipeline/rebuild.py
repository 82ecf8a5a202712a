"""The page of a finished run, drawn anew."""

from pathlib import Path

from temper.config import load_config
from temper.report.attack import attack_page
from temper.report.campaign import campaign_page
from temper.report.exploit import exploit_page
from temper.report.explore import explore_page
from temper.report.harden import harden_page
from temper.report.hardenings import hardenings_page
from temper.report.ladder import ladder_page
from temper.report.measure import measure_page
from temper.report.replay import replay_page
from temper.report.suite import suite_page
from temper.run_folder import (
    CONFIG,
    DATABASE,
    REPORT,
    finished_results,
    write_whole,
)
from temper.store import read_only


def rebuild_report(folder: Path) -> Path:
    """Draw report.html anew from the database and results.json of a finished run of any kind.

    Raises:
        ArtifactError: the run is not finished.
    """
    results = finished_results(folder)
    if results.get("kind") == "explore":
        page = explore_page(results)
    elif results.get("kind") == "establish":
        page = measure_page(results)
    elif results.get("kind") == "exploit":
        page = exploit_page(results)
    elif results.get("kind") in ("harden", "versus"):
        page = harden_page(results)
    elif results.get("kind") == "hardenings":
        page = hardenings_page(results)
    elif "runs" in results:
        page = campaign_page(results)
    elif "ladder" in results:
        page = ladder_page(results)
    else:
        with read_only(folder / DATABASE) as store:
            if "targets" in results:
                page = replay_page(store, results)
            elif "suites" in results:
                page = suite_page(store, results)
            else:
                page = attack_page(store, results, load_config(folder / CONFIG).report)
    write_whole(folder / REPORT, page)
    return folder / REPORT
