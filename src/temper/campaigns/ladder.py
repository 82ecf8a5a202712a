"""`temper ladder`: every mitigation against the same attacks and against fresh ones of its own."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from temper.arithmetic.frames import frame_for
from temper.campaigns.ladder_almanac import AlmanacConcern
from temper.campaigns.ladder_arithmetic import ArithmeticConcern
from temper.campaigns.rungs import Concern, Models, defended
from temper.config import LadderRun, Rung, dump_config
from temper.evaluate.probes import ask_probes, probe_rates
from temper.protocols import Reporter
from temper.records import Attack, Candidate, Rate, content_id
from temper.report.ladder import ladder_page
from temper.run_folder import CONFIG, DATABASE, REPORT, RESULTS, Outcome, locked, write_whole
from temper.stages import refresh_stages
from temper.store import Store
from temper.targets.registry import open_target, shipped_models

REVISING = ("revise1", "revise2")


def run_ladder(config: LadderRun, folder: Path, reporter: Reporter) -> Outcome:
    """Search against every rung, measure every rung, write results.json and report.html.

    The same call on the same folder continues where it was; rungs may be added.

    Raises:
        ConfigError: a setting changed under a rung that has run.
        TargetError, StoreError: a model or the folder cannot be used.
    """
    target = open_target(config.target)
    red = target if config.red is None else open_target(config.red)
    reviser = target if config.reviser is None else open_target(config.reviser)
    with locked(folder), Store(folder / DATABASE) as store:
        models = Models(target=target, red=red, reviser=reviser, store=store, seed=config.run.seed)
        inputs = _inputs(config, models)
        refresh_stages(store, inputs, None)
        write_whole(folder / CONFIG, dump_config(config))
        store.clear("attacks", "figures")
        rates = list(_rates(config, models, _concern(config, models), reporter))
        store.add_rates(rates)
        for stage, settings in inputs.items():
            store.set_stage(stage, settings, "done")
        results = _results(config, models, rates)
        write_whole(folder / RESULTS, json.dumps(results, indent=1, ensure_ascii=False) + "\n")
        write_whole(folder / REPORT, ladder_page(results))
    return Outcome(folder, results)


def _concern(config: LadderRun, models: Models) -> Concern:
    if config.ladder.concern == "almanac":
        return AlmanacConcern(config, models.recorded(models.red, "ladder/openings", "red"))
    frame = frame_for(config.problems.frame, chat=models.target.capabilities.chat)
    return ArithmeticConcern(config, frame)


def _rates(
    config: LadderRun, models: Models, concern: Concern, reporter: Reporter
) -> Iterator[Rate]:
    same = _search(config, models, concern, "none", reporter, adaptive=False)
    for rung in config.ladder.rungs:
        searches = {"fresh": same}
        if rung != "none":
            searches["fresh"] = _search(config, models, concern, rung, reporter, adaptive=False)
        if rung in REVISING and config.ladder.adaptive and concern.speaks_to_reviser:
            searches["adaptive"] = _search(config, models, concern, rung, reporter, adaptive=True)
        yield from _measure(config, models, concern, rung, same, searches, reporter)


def _search(
    config: LadderRun,
    models: Models,
    concern: Concern,
    rung: Rung,
    reporter: Reporter,
    *,
    adaptive: bool,
) -> list[Attack]:
    kind = "adaptive" if adaptive else "search"
    stage = f"ladder/{rung}/{kind}"
    reporter.stage(f"{rung}: {kind}", config.ladder.queries)
    target = defended(rung, stage, models, concern, config.ladder, reporter.advance)
    found = concern.search(target, models.recorded(models.red, stage, "red"), adaptive=adaptive)
    models.store.add_candidates(
        Candidate(attack=attack, accepted=True, reason=f"{rung}/{kind}", order=order)
        for order, attack in enumerate(found, start=len(models.store.candidates()))
    )
    return found


def _measure(
    config: LadderRun,
    models: Models,
    concern: Concern,
    rung: Rung,
    same: list[Attack],
    searches: dict[str, list[Attack]],
    reporter: Reporter,
) -> Iterator[Rate]:
    probes = concern.attacked(same, "same")
    for split, attacks in searches.items():
        probes += concern.attacked(attacks, split)
    probes += concern.strange() + concern.uses()
    reporter.stage(f"{rung}: measure", len(probes))
    stage = f"ladder/{rung}/measure"
    target = defended(rung, stage, models, concern, config.ladder, reporter.advance)
    probed = ask_probes(target, probes)
    facets: dict[str, str | int | float] = {
        "target": models.target.capabilities.name,
        "mitigation": rung,
    }
    yield from probe_rates(probed, facets, attack=concern.attack, measure=concern.measure)
    yield from _costs(models.store, stage, facets)


def _costs(store: Store, stage: str, facets: dict[str, str | int | float]) -> Iterator[Rate]:
    """What one query costs behind this rung: calls of any model, tokens, seconds."""
    spent = {row["role"]: row for row in store.spent() if row["stage"] == stage}
    asked = spent["target"]["queries"]
    inner = [row for role, row in spent.items() if role != "target"] or [spent["target"]]
    for name, key in (("calls", "queries"), ("tokens", "tokens"), ("seconds", "seconds")):
        total = sum(row[key] or 0 for row in inner)
        yield Rate(
            name=f"cost.{name}",
            value=total / asked,
            n=asked,
            note="a mean of this run, no estimate",
            by=facets,
        )


def _inputs(config: LadderRun, models: Models) -> dict[str, dict[str, Any]]:
    shared: dict[str, Any] = {
        "run.seed": config.run.seed,
        "target": models.target.hash,
        "red": models.red.hash,
        **{f"ladder.{key}": value for key, value in config.ladder.fixed().items()},
        **{f"problems.{key}": value for key, value in config.problems.fixed().items()},
    }
    helped = {"reviser": models.reviser.hash}
    return {
        f"ladder/{rung}": shared | (helped if rung in (*REVISING, "guard") else {})
        for rung in dict.fromkeys(("none", *config.ladder.rungs))
    }


def _results(config: LadderRun, models: Models, rates: list[Rate]) -> dict[str, Any]:
    protocol: dict[str, Any] = {"ladder.rungs": list(config.ladder.rungs)}
    for inputs in _inputs(config, models).values():
        protocol |= inputs
    protocol.pop("target")
    spent = models.store.spent()
    silent = models.store.empty_replies("helper")
    return {
        "target": {
            "name": models.target.capabilities.name,
            "hash": models.target.hash,
            "shipped": config.target.name in shipped_models(),
        },
        "ladder": config.ladder.concern,
        "remarks": _remarks(models.reviser.capabilities.name, *silent),
        "protocol": {"hash": content_id(protocol), **protocol},
        "figures": [rate.to_json() for rate in rates],
        "cost": {
            "queries": sum(row["queries"] for row in spent if row["role"] == "target"),
            "calls": sum(row["queries"] for row in spent if row["role"] in ("call", "helper")),
            "tokens": sum(row["tokens"] for row in spent if row["role"] == "target"),
            "seconds": round(sum(row["seconds"] or 0 for row in spent), 3),
        },
    }


def _remarks(reviser: str, empty: int, asked: int) -> list[str]:
    if not empty:
        return []
    return [
        f"The reviser {reviser} answered nothing in {empty} of {asked} revisions; there the answer"
        " before stands."
    ]
