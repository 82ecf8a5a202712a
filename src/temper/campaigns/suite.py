"""`temper suite arithmetic`: every suite and the overload curve on one target, with a report."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from temper.arithmetic.frames import Frame, frame_for
from temper.arithmetic.suites import VERSION, draw_suite
from temper.budget import Budget
from temper.config import SuiteRun, dump_config
from temper.ending import Ending
from temper.evaluate.overload import (
    Point,
    doses,
    measure_problem,
    overload_problems,
)
from temper.evaluate.overload_curves import overload_rates
from temper.evaluate.suites import Answered, ask_suite, cannot_add, suite_rates
from temper.protocols import CountsTokens, Reporter, Silent, Target
from temper.records import Rate, content_id
from temper.report.suite import suite_page
from temper.run_folder import CONFIG, DATABASE, REPORT, RESULTS, Outcome, locked, write_whole
from temper.stages import refresh_stages, unfinished
from temper.store import Store
from temper.targets.pricing import budget_for
from temper.targets.recorded import RecordedTarget
from temper.targets.registry import open_target, shipped_models

OVERLOAD = "overload"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    config: SuiteRun
    store: Store
    target: Target
    frame: Frame
    reporter: Reporter
    budget: Budget
    offline: bool = False
    """Only what was answered before."""

    def recorded(self, stage: str) -> RecordedTarget:
        return RecordedTarget(
            self.target,
            self.store,
            stage=stage,
            seed=self.config.run.seed,
            ask_failed_again=not self.offline,
            progress=self.reporter.advance,
            budget=self.budget,
            offline=self.offline,
        )


def run_suites(
    config: SuiteRun, folder: Path, reporter: Reporter, *, target: Target | None = None
) -> Outcome:
    """Ask all items, judge them exactly, write results.json and report.html.

    The same call on the same folder continues where it was. At a cap, and at Ctrl-C, the report is
    made of what was answered.

    Args:
        config: all settings.
        folder: of the run.
        reporter: told of the progress.
        target: where the settings do not open it themselves.

    Raises:
        ConfigError: a setting changed under a suite that has run.
        TargetError, StoreError: the model or the folder cannot be used.
    """
    target = target or open_target(config.target)
    budget = budget_for(config.budget, {"target": (target, config.target)})
    with locked(folder), Store(folder / DATABASE) as store:
        frame = frame_for(config.problems.frame, chat=target.capabilities.chat)
        run = _Run(
            config=config,
            store=store,
            target=target,
            frame=frame,
            reporter=reporter,
            budget=budget,
        )
        budget.remember(store.spent())
        inputs = _inputs(run)
        refresh_stages(store, inputs, None, option="")
        write_whole(folder / CONFIG, dump_config(config))
        store.clear("verdicts", "figures")
        rates: list[Rate] = []
        with Ending() as ending:
            rates = list(_rates(run))
        if ending.reason:
            rates = list(_rates(replace(run, offline=True, reporter=Silent())))
        store.add_rates(rates)
        results = ending.partial(unfinished(store, inputs)) | _results(run, rates)
        write_whole(folder / RESULTS, json.dumps(results, indent=1, ensure_ascii=False) + "\n")
        write_whole(folder / REPORT, suite_page(store, results))
    return Outcome(folder, results)


def _rates(run: _Run) -> Iterator[Rate]:
    facets: dict[str, str | int | float] = {"target": run.target.capabilities.name}
    answered = [
        one for suite in run.config.suite.suites if suite != OVERLOAD for one in _ask(run, suite)
    ]
    run.store.add_attempts([], [verdict for one in answered for verdict in one.verdicts])
    yield from suite_rates(answered, facets)
    if OVERLOAD in run.config.suite.suites:
        points = _overload(run)
        yield from overload_rates(points, facets, seed=run.config.run.seed)


def _ask(run: _Run, suite: str) -> list[Answered]:
    items = draw_suite(
        suite,
        frame=run.frame,
        digits=run.config.problems.digits,
        count=run.config.suite.items,
        seed=run.config.run.seed,
    )
    run.reporter.stage(suite, len(items))
    answered = ask_suite(run.recorded(f"suite/{suite}"), items)
    _done(run, suite)
    return answered


def _overload(run: _Run) -> list[Point]:
    settings = run.config.overload
    problems = overload_problems(settings.problems, run.config.run.seed)
    copies = doses(settings.copies)
    target = run.recorded(f"suite/{OVERLOAD}")
    count = run.target.count_tokens if isinstance(run.target, CountsTokens) else len
    run.reporter.stage(OVERLOAD, len(problems) * len(settings.fillers) * len(copies) * 3)
    points = [
        point
        for problem in problems
        for filler in settings.fillers
        for point in measure_problem(target, problem, filler, run.frame, copies, count)
    ]
    _done(run, OVERLOAD)
    return points


def _done(run: _Run, suite: str) -> None:
    """Of a suite that was asked whole."""
    if not run.offline:
        stage = f"suite/{suite}"
        run.store.set_stage(stage, _inputs(run)[stage], "done")


def _inputs(run: _Run) -> dict[str, dict[str, Any]]:
    config = run.config
    shared: dict[str, Any] = {
        "run.seed": config.run.seed,
        "target": run.target.hash,
        "suites": VERSION,
        "problems.frame": run.frame,
    }
    stages: dict[str, dict[str, Any]] = {}
    for suite in config.suite.suites:
        if suite == OVERLOAD:
            own = {f"overload.{key}": value for key, value in config.overload.fixed().items()}
        else:
            own = {
                "problems.digits": list(config.problems.digits),
                "suite.items": config.suite.items,
            }
        stages[f"suite/{suite}"] = {**shared, **own}
    return stages


def _results(run: _Run, rates: list[Rate]) -> dict[str, Any]:
    protocol: dict[str, Any] = {"suite.suites": list(run.config.suite.suites)}
    for inputs in _inputs(run).values():
        protocol |= inputs
    protocol.pop("target")
    spent = run.store.spent()
    warning = cannot_add(rates)
    return {
        "target": {
            "name": run.target.capabilities.name,
            "hash": run.target.hash,
            "shipped": run.config.target.name in shipped_models(),
        },
        "suites": VERSION,
        "remarks": [warning] if warning else [],
        "protocol": {"hash": content_id(protocol), **protocol},
        "figures": run.store.figures(),
        "cost": {
            "queries": sum(row["queries"] for row in spent),
            "tokens": sum(row["tokens"] for row in spent),
            "seconds": round(sum(row["seconds"] or 0 for row in spent), 3),
        },
    }
