"""`temper ladder`: every mitigation against the same attacks and against fresh ones of its own."""

import json
from collections.abc import Iterator
from pathlib import Path

from temper.arithmetic.frames import frame_for
from temper.budget import Budget
from temper.campaigns.ladder_almanac import AlmanacConcern
from temper.campaigns.ladder_arithmetic import ArithmeticConcern
from temper.campaigns.ladder_results import cost_rates, counted_once, ladder_inputs, ladder_results
from temper.campaigns.rungs import REVISING, Concern, Models, defended
from temper.config import LadderRun, Rung, dump_config
from temper.ending import Ending
from temper.evaluate.probes import ask_probes, probe_rates
from temper.protocols import Reporter
from temper.records import Attack, Candidate, Rate
from temper.report.ladder import ladder_page
from temper.run_folder import CONFIG, DATABASE, REPORT, RESULTS, Outcome, locked, write_whole
from temper.stages import refresh_stages, unfinished
from temper.store import Store
from temper.targets.pricing import budget_for
from temper.targets.registry import open_target


def run_ladder(
    config: LadderRun, folder: Path, reporter: Reporter, budget: Budget | None = None
) -> Outcome:
    """Search against every rung, measure every rung, write results.json and report.html.

    The same call on the same folder continues where it was; rungs may be added. At a cap, and at
    Ctrl-C, the report is of the rungs that came to their end: another's would not compare.

    Raises:
        ConfigError: a setting changed under a rung that has run.
        TargetError, StoreError: a model or the folder cannot be used.
    """
    target = open_target(config.target)
    red = target if config.red is None else open_target(config.red)
    reviser = target if config.reviser is None else open_target(config.reviser)
    named = {"target": (target, config.target)}
    named |= {"red": (red, config.red)} if config.red else {}
    named |= {"helper": (reviser, config.reviser)} if config.reviser else {}
    budget = budget or budget_for(config.budget, named)
    with locked(folder), Store(folder / DATABASE) as store:
        budget.remember(counted_once(store.spent()))
        models = Models(
            target=target,
            red=red,
            reviser=reviser,
            store=store,
            seed=config.run.seed,
            budget=budget,
        )
        inputs = ladder_inputs(config, models)
        refresh_stages(store, inputs, None, option="")
        write_whole(folder / CONFIG, dump_config(config))
        store.clear("attacks", "figures")
        rates: list[Rate] = []
        with Ending() as ending:
            for rung, found in _rungs(config, models, _concern(config, models), reporter):
                rates += found
                store.set_stage(f"ladder/{rung}", inputs[f"ladder/{rung}"], "done")
        store.add_rates(rates)
        results = ending.partial(unfinished(store, inputs))
        results |= ladder_results(config, models, rates)
        write_whole(folder / RESULTS, json.dumps(results, indent=1, ensure_ascii=False) + "\n")
        write_whole(folder / REPORT, ladder_page(results))
    return Outcome(folder, results)


def _concern(config: LadderRun, models: Models) -> Concern:
    if config.ladder.concern == "almanac":
        return AlmanacConcern(config, models.recorded(models.red, "ladder/openings", "red"))
    frame = frame_for(config.problems.frame, chat=models.target.capabilities.chat)
    return ArithmeticConcern(config, frame)


def _rungs(
    config: LadderRun, models: Models, concern: Concern, reporter: Reporter
) -> Iterator[tuple[Rung, list[Rate]]]:
    """Each rung with its figures, as soon as it has all of them."""
    same = _search(config, models, concern, "none", reporter, adaptive=False)
    if "none" not in config.ladder.rungs:
        yield "none", []
    for rung in config.ladder.rungs:
        searches = {"fresh": same}
        if rung != "none":
            searches["fresh"] = _search(config, models, concern, rung, reporter, adaptive=False)
        if rung in REVISING and config.ladder.adaptive and concern.speaks_to_reviser:
            searches["adaptive"] = _search(config, models, concern, rung, reporter, adaptive=True)
        yield rung, list(_measure(config, models, concern, rung, same, searches, reporter))


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
    yield from cost_rates(models.store, stage, facets)
