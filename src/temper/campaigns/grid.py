"""Attack several targets with several seeds, then put all attacks to all targets: one table."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from temper.campaigns.replay import replay
from temper.config import ArithmeticCampaign, ReplayConfig, ReplayRun
from temper.errors import ArtifactError
from temper.evaluate.pooled import pooled_rates
from temper.pipeline import attack_arithmetic
from temper.protocols import Reporter
from temper.records import content_id
from temper.report.campaign import campaign_page
from temper.run_folder import DATABASE, REPORT, RESULTS, Outcome, write_whole
from temper.store import read_only

Row = dict[str, Any]


def run_campaign(config: ArithmeticCampaign, folder: Path, reporter: Reporter) -> Outcome:
    """Run every target with every seed (a run folder each), replay, and pool the figures.

    The same call on the same folder continues where it was; runs that are done replay for free.

    Raises:
        ConfigError, TargetError, StoreError: as of a single run.
    """
    folder.mkdir(parents=True, exist_ok=True)
    outcomes = {
        (target, seed): attack_arithmetic(
            config.single(target, seed), _run_folder(folder, target, seed), reporter=reporter
        )
        for target in config.campaign.targets
        for seed in config.campaign.seeds
    }
    figures: list[Row] = []
    for target in config.campaign.targets:
        runs = [outcomes[target, seed] for seed in config.campaign.seeds]
        figures += [rate.to_json() for rate in pooled_rates(list(_pooled(runs)))]
    transfer = _transfer(config, list(outcomes.values()), folder, reporter)
    figures += transfer["figures"] if transfer else []
    results = _results(config, list(outcomes.values()), figures)
    write_whole(folder / RESULTS, json.dumps(results, indent=1, ensure_ascii=False) + "\n")
    write_whole(folder / REPORT, campaign_page(results))
    return Outcome(folder, results)


def _run_folder(folder: Path, target: str, seed: int) -> Path:
    return folder / f"{Path(target).name}-{seed}"


def _pooled(runs: list[Outcome]) -> Iterator[dict[str, Any]]:
    """What the pooled figures need of each run."""
    for run in runs:
        with read_only(run.folder / DATABASE) as store:
            yield {
                "target": run.results["target"]["name"],
                "seed": run.results["protocol"]["run.seed"],
                "attempts": store.judged_attempts(),
                "candidates": store.candidates(),
            }


def _transfer(
    config: ArithmeticCampaign, runs: list[Outcome], folder: Path, reporter: Reporter
) -> dict[str, Any] | None:
    """The transfer matrix; None where it was not wanted, or where no attack was accepted."""
    if not config.campaign.transfer:
        return None
    settings = ReplayRun(
        run=config.run,
        problems=config.problems,
        replay=ReplayConfig(
            runs=tuple(str(run.folder) for run in runs),
            max_attacks=config.campaign.transfer_attacks,
            problems=config.measure.problems,
        ),
        targets=tuple(
            config.target.model_copy(update={"name": name}) for name in config.campaign.targets
        ),
    )
    try:
        return replay(settings, folder / "transfer", reporter).results
    except ArtifactError:
        return None


def _results(config: ArithmeticCampaign, runs: list[Outcome], figures: list[Row]) -> dict[str, Any]:
    protocol = config.model_dump(mode="json")
    targets = {run.results["target"]["name"]: run.results["target"] for run in runs}
    return {
        "targets": list(targets.values()),
        "runs": [run.folder.name for run in runs],
        "protocol": {"hash": content_id(protocol), **protocol},
        "figures": figures,
        "cost": {
            key: round(sum(run.results["cost"][key] for run in runs), 3)
            for key in ("queries", "tokens", "seconds")
        },
    }
