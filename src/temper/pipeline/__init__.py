"""The stages in order, what each reads and what each writes: the table of contents of a run.

search (one part an attacker) -> measure -> figures -> report
"""

import json
from pathlib import Path

from temper.arithmetic.frames import frame_for
from temper.budget import Budget
from temper.config import Config, dump_config
from temper.ending import Ending
from temper.pipeline.measuring import figures_stage, measure_stage
from temper.pipeline.rebuild import rebuild_report
from temper.pipeline.results import results_of
from temper.pipeline.run import Run, stage_inputs
from temper.pipeline.searching import refuse_too_few, search_stage
from temper.protocols import Reporter, Silent, Target
from temper.report.attack import attack_page
from temper.run_folder import (
    CONFIG,
    DATABASE,
    REPORT,
    RESULTS,
    Outcome,
    locked,
    write_whole,
)
from temper.stages import refresh_stages
from temper.store import Store
from temper.targets.pricing import budget_for
from temper.targets.registry import open_target

__all__ = ["attack_arithmetic", "rebuild_report"]


def attack_arithmetic(
    config: Config,
    folder: Path,
    *,
    redo: str | None = None,
    reporter: Reporter | None = None,
    target: Target | None = None,
    red: Target | None = None,
    budget: Budget | None = None,
) -> Outcome:
    """Search for attacks, measure them on unseen problems, write results.json and report.html.

    The same call on the same folder continues where it was. At a cap of the budget and at Ctrl-C
    the report is made of what was answered; the outcome's results then say "partial".

    Args:
        config: all settings.
        folder: the run.
        redo: a stage to forget.
        reporter: told of progress.
        target: tested instead of what the settings name.
        red: writes attacks instead of what the settings name.
        budget: shared with other runs; None: the settings' own.

    Raises:
        ConfigError: a setting changed under a stage that has run, or a search has too few queries
            for a single candidate.
        TargetError, StoreError: the model or the folder cannot be used.
    """
    target = target or open_target(config.target)
    red = red or (target if config.red is None else open_target(config.red))
    budget = budget or budget_for(
        config.budget,
        {"target": (target, config.target), "red": (red, config.red or config.target)},
    )
    frame = frame_for(config.problems.frame, chat=target.capabilities.chat)
    refuse_too_few(config, target, frame)
    with (
        locked(folder),
        Store(folder / DATABASE, max_megabytes=config.run.max_database_mb) as store,
    ):
        run = Run(
            config=config,
            store=store,
            target=target,
            red=red,
            frame=frame,
            reporter=reporter or Silent(),
            budget=budget,
        )
        budget.remember(store.spent())
        refresh_stages(store, stage_inputs(run), redo)
        write_whole(folder / CONFIG, dump_config(config))
        with Ending() as ending:
            search_stage(run)
            measure_stage(run)
        if ending.reason:
            measure_stage(run, offline=True)
        figures_stage(run)
        results = results_of(run, ending)
        write_whole(folder / RESULTS, json.dumps(results, indent=1, ensure_ascii=False) + "\n")
        write_whole(folder / REPORT, attack_page(store, results, config.report))
    return Outcome(folder, results)
