"""Every target with every seed: attack, harden by training, mitigate what is left; one table."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from temper.budget import Budget
from temper.campaigns.hardening.run import CHECKPOINT, run_harden
from temper.campaigns.ladder import run_ladder
from temper.config import Config, HardenCampaign, HardenRun, LadderRun, TargetConfig
from temper.evaluate.over_seeds import over_seeds
from temper.pipeline import attack_arithmetic
from temper.protocols import Reporter
from temper.records import content_id
from temper.report.hardenings import hardenings_page
from temper.run_folder import REPORT, RESULTS, Outcome, write_whole
from temper.targets.pricing import budget_for_many
from temper.targets.registry import open_target


def run_grid(config: HardenCampaign, folder: Path, reporter: Reporter) -> Outcome:
    """Run every target with every seed, three folders each, and put the figures together.

    The same call on the same folder continues where it was; runs that are done replay for free.

    Raises:
        TemperError: as of the single runs.
        Stopped: a cap, which all runs share, or Ctrl-C; the runs so far have their reports.
    """
    folder.mkdir(parents=True, exist_ok=True)
    budget = _budget(config)
    runs = [
        _run(config, target, seed, folder, reporter, budget)
        for target in config.grid.targets
        for seed in config.grid.seeds
    ]
    figures = [
        rate.to_json()
        for target in config.grid.targets
        for rate in over_seeds([one["figures"] for one in runs if one["of"] == target])
    ]
    results = _results(config, runs, figures)
    write_whole(folder / RESULTS, json.dumps(results, indent=1, ensure_ascii=False) + "\n")
    write_whole(folder / REPORT, hardenings_page(results))
    return Outcome(folder, results)


def _budget(config: HardenCampaign) -> Budget:
    """One for all runs."""
    named = [_named(config, target) for target in config.grid.targets]
    if config.harden.grader is not None:
        named.append(config.harden.grader)
    return budget_for_many(config.budget, [(open_target(one), one) for one in named])


def _named(config: HardenCampaign, target: str) -> TargetConfig:
    return config.target.model_copy(update={"name": target})


def _run(
    config: HardenCampaign,
    target: str,
    seed: int,
    folder: Path,
    reporter: Reporter,
    budget: Budget,
) -> dict[str, Any]:
    named = _named(config, target)
    run = config.run.model_copy(update={"seed": seed})
    place = folder / f"{named.label}-{seed}"
    attack = Config(
        run=run,
        target=named,
        problems=config.problems,
        attack=config.attack,
        measure=config.measure,
    )
    found = attack_arithmetic(attack, place / "attack", reporter=reporter, budget=budget)
    harden = HardenRun(
        run=run,
        source=str(found.whole().folder),
        target=named,
        problems=config.problems,
        harden=config.harden,
    )
    hardened = run_harden(harden, place / "harden", reporter, budget=budget).whole()
    rungs = _ladder(config, run, place, named, reporter, budget) if config.ladder else []
    return {
        "of": target,
        "seed": seed,
        "verdict": hardened.results["verdict"],
        "target": hardened.results["target"],
        "report": f"{place.name}/harden/{REPORT}",
        "figures": [*hardened.results["figures"], *rungs],
        "cost": hardened.results["cost"],
    }


def _ladder(
    config: HardenCampaign,
    run: Any,
    place: Path,
    named: TargetConfig,
    reporter: Reporter,
    budget: Budget,
) -> list[dict[str, Any]]:
    """Mitigations above the hardened model; its attacks come from the model as it was."""
    assert config.ladder is not None
    hardened = named.model_copy(update={"name": str(place / "harden" / CHECKPOINT)})
    ladder = LadderRun(
        run=run, target=hardened, red=named, problems=config.problems, ladder=config.ladder
    )
    climbed = run_ladder(ladder, place / "ladder", reporter, budget).whole()
    return list(_above(climbed.results["figures"], named.label))


def _above(figures: Sequence[dict[str, Any]], target: str) -> Iterator[dict[str, Any]]:
    for figure in figures:
        by = {**figure["by"], "target": target, "side": "ladder"}
        yield {**figure, "by": by}


def _results(
    config: HardenCampaign, runs: Sequence[dict[str, Any]], figures: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    protocol = config.model_dump(mode="json", exclude_none=True, exclude={"budget"})
    return {
        "kind": "hardenings",
        "hardenings": [
            {key: one[key] for key in ("of", "seed", "verdict", "target", "report")} for one in runs
        ],
        "targets": list({one["of"]: one["target"] for one in runs}.values()),
        "protocol": {"hash": content_id(protocol), **protocol},
        "figures": list(figures),
        "cost": {
            key: sum(one["cost"][key] for one in runs) for key in ("queries", "tokens", "seconds")
        },
    }
