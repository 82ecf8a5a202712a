"""Attack several targets with several seeds, then put all attacks to all targets: one table."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from temper.budget import Budget
from temper.campaigns.replay import replay
from temper.config import ArithmeticCampaign, ReplayConfig, ReplayRun, TargetConfig
from temper.errors import ArtifactError
from temper.evaluate.pooled import pooled_rates
from temper.pipeline import attack_arithmetic
from temper.protocols import Reporter
from temper.records import content_id
from temper.report.campaign import campaign_page
from temper.run_folder import DATABASE, REPORT, RESULTS, Outcome, write_whole
from temper.store import read_only
from temper.targets.pricing import budget_for_many
from temper.targets.registry import open_target

Row = dict[str, Any]


def run_campaign(config: ArithmeticCampaign, folder: Path, reporter: Reporter) -> Outcome:
    """Run every target with every seed (a run folder each), replay, and pool the figures.

    The same call on the same folder continues where it was; runs that are done replay for free.

    Raises:
        ConfigError, TargetError, StoreError: as of a single run.
        Stopped: a cap, which all runs share, or Ctrl-C; the runs so far have their reports.
    """
    folder.mkdir(parents=True, exist_ok=True)
    budget = _budget(config)
    outcomes: dict[tuple[str, int], Outcome] = {}
    for target in config.campaign.targets:
        for seed in config.campaign.seeds:
            place = _run_folder(folder, target, seed)
            run = attack_arithmetic(
                config.single(target, seed), place, reporter=reporter, budget=budget
            )
            outcomes[target, seed] = run.whole()
    figures: list[Row] = []
    for target in config.campaign.targets:
        runs = [outcomes[target, seed] for seed in config.campaign.seeds]
        figures += [rate.to_json() for rate in pooled_rates(list(_pooled(runs)))]
    transfer = _transfer(config, list(outcomes.values()), folder, reporter, budget)
    figures += transfer["figures"] if transfer else []
    results = _results(config, list(outcomes.values()), figures)
    write_whole(folder / RESULTS, json.dumps(results, indent=1, ensure_ascii=False) + "\n")
    write_whole(folder / REPORT, campaign_page(results))
    return Outcome(folder, results)


def _budget(config: ArithmeticCampaign) -> Budget:
    """One for all runs; a red model that is no target has its price too."""
    named = [config.single(target, 0).target for target in config.campaign.targets]
    settings = [*named, config.red] if config.red else named
    return budget_for_many(config.budget, [(open_target(one), one) for one in settings])


def _run_folder(folder: Path, target: str, seed: int) -> Path:
    return folder / f"{TargetConfig(name=target).label}-{seed}"


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
    config: ArithmeticCampaign,
    runs: list[Outcome],
    folder: Path,
    reporter: Reporter,
    budget: Budget,
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
        replayed = replay(settings, folder / "transfer", reporter, budget)
    except ArtifactError:
        return None
    return replayed.whole().results


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
