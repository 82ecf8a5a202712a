"""The page of a finished run, drawn anew."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

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
from temper.report.replay_concern import KIND as CONCERN_REPLAY
from temper.report.replay_concern import concern_replay_page
from temper.report.suite import suite_page
from temper.run_folder import (
    CONFIG,
    DATABASE,
    REPORT,
    finished_results,
    write_whole,
)
from temper.store import Store, read_only

BY_KIND: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "explore": explore_page,
    "establish": measure_page,
    "exploit": exploit_page,
    "harden": harden_page,
    "versus": harden_page,
    "hardenings": hardenings_page,
}


def rebuild_report(folder: Path) -> Path:
    """Draw report.html anew from the database and results.json of a finished run of any kind.

    Raises:
        ArtifactError: the run is not finished.
    """
    results = finished_results(folder)
    page = BY_KIND.get(results.get("kind", ""))
    if page is not None:
        text = page(results)
    elif "runs" in results:
        text = campaign_page(results)
    elif "ladder" in results:
        text = ladder_page(results)
    else:
        with read_only(folder / DATABASE) as store:
            text = _from_database(store, results, folder)
    write_whole(folder / REPORT, text)
    return folder / REPORT


def _from_database(store: Store, results: Mapping[str, Any], folder: Path) -> str:
    if results.get("kind") == CONCERN_REPLAY:
        return concern_replay_page(store, results)
    if "targets" in results:
        return replay_page(store, results)
    if "suites" in results:
        return suite_page(store, results)
    return attack_page(store, results, load_config(folder / CONFIG).report)
