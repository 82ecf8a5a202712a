"""`temper compare` on two models: searches against both, the same attacks, use, one verdict."""

import json
from pathlib import Path
from typing import Any

from temper.arithmetic.frames import frame_for
from temper.arithmetic.suites import VERSION
from temper.budget import Budget
from temper.campaigns.exams import ArithmeticExam
from temper.campaigns.sides import Versus
from temper.campaigns.versus import Compared, compare_models
from temper.config import CompareRun, dump_config
from temper.protocols import Reporter, Target
from temper.records import content_id
from temper.report.harden import harden_page
from temper.run_folder import CONFIG, DATABASE, REPORT, RESULTS, Outcome, locked, write_whole
from temper.stages import refresh_stages
from temper.store import Store
from temper.targets.pricing import budget_for_many
from temper.targets.registry import open_target, shipped_models

CHECKPOINT = "checkpoint"


def model_of(name: str) -> str:
    """What a user named as a side: a folder of `temper harden` stands for its checkpoint."""
    inner = Path(name).expanduser() / CHECKPOINT
    return str(inner) if (inner / "config.json").exists() else name


def run_compare(config: CompareRun, folder: Path, reporter: Reporter) -> Outcome:
    """Compare two models; write results.json and report.html.

    The same call on the same folder continues where it was. At a cap, and at Ctrl-C, the report has
    no verdict.

    Raises:
        ConfigError: a setting changed under what has run.
        TargetError, StoreError: a model or the folder cannot be used.
    """
    before, after = open_target(config.before), open_target(config.after)
    red = before if config.red is None else open_target(config.red)
    budget = _budget(config, before, after, red)
    frame = frame_for(config.problems.frame, chat=before.capabilities.chat)
    with locked(folder), Store(folder / DATABASE) as store:
        budget.remember(store.spent())
        inputs = {"versus": _inputs(config, before, after, red)}
        refresh_stages(store, inputs, None, option="")
        write_whole(folder / CONFIG, dump_config(config))
        store.clear("attacks", "figures")
        versus = Versus(
            before=before,
            after=after,
            red=red,
            exam=ArithmeticExam(
                frame=frame,
                problems=config.problems,
                count_of_problems=config.compare.problems,
                items=config.compare.items,
                seed=config.run.seed,
            ),
            store=store,
            reporter=reporter,
            budget=budget,
            queries=config.compare.queries,
            attacks=config.compare.attacks,
            seed=config.run.seed,
        )
        compared = compare_models(versus, {}, {})
        store.add_rates(compared.rates)
        if compared.verdict is not None:
            store.set_stage("versus", inputs["versus"], "done")
        results = compared.ending.partial(compared.missing)
        results |= _results(config, versus, compared, inputs["versus"])
        write_whole(folder / RESULTS, json.dumps(results, indent=1, ensure_ascii=False) + "\n")
        write_whole(folder / REPORT, harden_page(results))
    return Outcome(folder, results)


def _budget(config: CompareRun, before: Target, after: Target, red: Target) -> Budget:
    """One for all models."""
    models = [(before, config.before), (after, config.after), (red, config.red or config.before)]
    return budget_for_many(config.budget, models)


def _inputs(config: CompareRun, before: Target, after: Target, red: Target) -> dict[str, Any]:
    return {
        "run.seed": config.run.seed,
        "before": before.hash,
        "after": after.hash,
        "red": red.hash,
        "suites": VERSION,
        **{f"compare.{key}": value for key, value in config.compare.fixed().items()},
        **{f"problems.{key}": value for key, value in config.problems.fixed().items()},
    }


def _results(
    config: CompareRun, versus: Versus, compared: Compared, inputs: dict[str, Any]
) -> dict[str, Any]:
    protocol = {key: value for key, value in inputs.items() if key not in ("before", "after")}
    asked = [row for row in versus.store.spent() if row["role"] == "target"]
    return {
        "kind": "versus",
        "target": {
            "name": versus.before.capabilities.name,
            "hash": versus.before.hash,
            "shipped": config.before.name in shipped_models(),
        },
        "hardened": {"name": versus.after.capabilities.name, "hash": versus.after.hash},
        **compared.to_json(),
        "curves": {},
        "protocol": {"hash": content_id(protocol), **protocol},
        "figures": [rate.to_json() for rate in compared.rates],
        "cost": {
            "queries": sum(row["queries"] for row in asked),
            "tokens": sum(row["tokens"] for row in asked),
            "seconds": round(sum(row["seconds"] or 0 for row in asked), 3),
        },
    }
