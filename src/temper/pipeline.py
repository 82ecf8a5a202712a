"""The stages in order, what each reads and what each writes: the table of contents of a run.

search (one part an attacker) -> measure -> figures -> report
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from temper.arithmetic.frames import Frame, frame_for
from temper.arithmetic.problems import (
    Pool,
    ProblemPool,
    draw_clean_problems,
    draw_problems,
    parse_problem,
)
from temper.budget import Budget
from temper.config import Config, dump_config, load_config
from temper.errors import Stopped
from temper.evaluate.attempts import Chosen, measure_attacks
from temper.evaluate.choose import choose_attacks
from temper.evaluate.cuts import cut_rates
from temper.evaluate.rates import (
    Subject,
    attempt_rates,
    find_findings,
    finding_rates,
    search_rates,
)
from temper.evaluate.watched import Asking, measure_watched, watched_rates
from temper.exploit.baselines import best_of_n, handwritten, no_attack, random_text
from temper.exploit.one_problem import OneProblem, search_each
from temper.exploit.pirs import Inversion
from temper.exploit.scoring import Setting
from temper.exploit.search import Proposer, search
from temper.protocols import Reporter, Silent, Target
from temper.records import Attack, Candidate, content_id
from temper.report.attack import attack_page
from temper.report.campaign import campaign_page
from temper.report.explore import explore_page
from temper.report.ladder import ladder_page
from temper.report.measure import measure_page
from temper.report.replay import replay_page
from temper.report.suite import suite_page
from temper.run_folder import (
    CONFIG,
    DATABASE,
    REPORT,
    RESULTS,
    Outcome,
    finished_results,
    locked,
    write_whole,
)
from temper.stages import refresh_stages
from temper.store import Store, read_only
from temper.targets.pricing import budget_for
from temper.targets.recorded import RecordedTarget
from temper.targets.registry import open_target, shipped_models


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """One run at work: its settings, models and database."""

    config: Config
    store: Store
    target: Target
    red: Target
    frame: Frame
    reporter: Reporter
    budget: Budget

    def pools(self, split: Any) -> list[ProblemPool]:
        problems = self.config.problems
        return [ProblemPool(split, digits, problems.operators) for digits in problems.digits]

    def recorded(self, model: Target, stage: str, role: str, **options: Any) -> RecordedTarget:
        return RecordedTarget(
            model,
            self.store,
            stage=stage,
            seed=self.config.run.seed,
            role=role,
            budget=self.budget,
            **options,
        )


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
        ConfigError: a setting changed under a stage that has run.
        TargetError, StoreError: the model or the folder cannot be used.
    """
    target = target or open_target(config.target)
    red = red or (target if config.red is None else open_target(config.red))
    budget = budget or budget_for(
        config.budget,
        {"target": (target, config.target), "red": (red, config.red or config.target)},
    )
    with (
        locked(folder),
        Store(folder / DATABASE, max_megabytes=config.run.max_database_mb) as store,
    ):
        frame = frame_for(config.problems.frame, chat=target.capabilities.chat)
        run = _Run(
            config=config,
            store=store,
            target=target,
            red=red,
            frame=frame,
            reporter=reporter or Silent(),
            budget=budget,
        )
        budget.remember(store.spent())
        refresh_stages(store, _stage_inputs(run), redo)
        write_whole(folder / CONFIG, dump_config(config))
        partial = _search_and_measure(run)
        _figures_stage(run)
        results = _results(run, partial)
        write_whole(folder / RESULTS, json.dumps(results, indent=1, ensure_ascii=False) + "\n")
        write_whole(folder / REPORT, attack_page(store, results, config.report))
    return Outcome(folder, results)


def _search_and_measure(run: _Run) -> str | None:
    """Both stages that ask; stopped early, what was answered is measured, and the reason said."""
    try:
        _search_stage(run)
        _measure_stage(run)
    except Stopped as stop:
        reason = str(stop)
    except KeyboardInterrupt:
        reason = "it was interrupted"
    else:
        return None
    _measure_stage(run, offline=True)
    return reason


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


def _search_stage(run: _Run) -> None:
    """Every attacker's search, one after the other, on the same problems and budget."""
    run.store.clear("attacks", "attempts", "verdicts", "findings", "figures")
    config, seed = run.config.attack, run.config.run.seed
    problems = draw_problems(run.pools("search"), config.problems, f"{seed}/search")
    for attacker in config.attackers:
        stage = f"search/{attacker}"
        run.reporter.stage(f"search: {attacker}", config.max_queries)
        target = run.recorded(run.target, stage, "target", progress=run.reporter.advance)
        setting = Setting(target, problems, run.frame, config)
        reader = run.recorded(run.red, stage, "red") if config.max_perplexity else None
        for candidates in _search(run, attacker, setting, reader):
            run.store.add_candidates(candidates)
        run.store.set_stage(stage, _stage_inputs(run)[stage], "done")


def _search(
    run: _Run, attacker: str, setting: Setting, reader: Target | None
) -> Iterator[list[Candidate]]:
    """One search for attacks on any problem, or one for each problem."""
    if run.config.attack.scope == "any" or attacker == "none":
        return search(_proposer(run, attacker, run.pools("search")), setting, reader)
    return search_each(
        lambda problem: _proposer(run, attacker, [OneProblem(problem)]), setting, reader
    )


def _proposer(run: _Run, attacker: str, pools: Sequence[Pool]) -> Proposer:
    seed = run.config.run.seed
    match attacker:
        case "none":
            return no_attack(seed)
        case "random":
            return random_text(seed)
        case "handwritten":
            return handwritten(seed)
        case "bestofn":
            return best_of_n(seed)
        case _:
            return Inversion(
                run.recorded(run.red, f"search/{attacker}", "red"),
                pools,
                run.config.attack,
                learns=attacker == "pirs",
                attacker=attacker,
                seed=seed,
            )


def _measure_stage(run: _Run, *, offline: bool = False) -> None:
    """Accepted and randomly drawn attacks on unseen problems, and the unattacked model.

    Offline it judges what was answered before, and asks nothing.
    """
    measure, seed = run.config.measure, run.config.run.seed
    chosen = choose_attacks(run.store.candidates(), run.config)
    unseen = draw_problems(run.pools("unseen"), measure.problems, f"{seed}/unseen")
    clean = draw_clean_problems(
        run.pools("search"), run.pools("unseen"), measure.clean_problems, f"{seed}/clean"
    )
    none = Attack(text="", attacker="none", seed=seed)
    plan = [(chosen, unseen), ([Chosen(none, "control")], unseen), ([Chosen(none, "clean")], clean)]
    alone = [item for item in chosen if item.attack.problem and item.selection == "accepted"]
    asked = {(item.attack.id, str(p)) for items, ps in plan for item in items for p in ps}
    total = 2 * (len(alone) + len(asked))
    if not offline:
        run.reporter.stage("measure on unseen problems", total)
    target = run.recorded(
        run.target,
        "measure",
        "target",
        progress=None if offline else run.reporter.advance,
        ask_failed_again=not offline,
        offline=offline,
    )
    if measure.until_width is not None:
        asking = Asking(target, unseen, run.frame, measure.max_tokens)
        aim = run.config.attack.aim
        run.store.add_judged(measure_watched(asking, chosen, aim, measure.until_width, seed))
        plan[0] = ([item for item in chosen if item.selection != "accepted"], unseen)
    for items, problems in plan:
        judged = measure_attacks(target, items, problems, run.frame, measure.max_tokens)
        run.store.add_judged(judged)
    for item in alone:
        own = [parse_problem(item.attack.problem)]
        judged = measure_attacks(target, [item], own, run.frame, measure.max_tokens, split="search")
        run.store.add_judged(judged)
    status = "stopped" if offline else "done"
    run.store.set_stage("measure", _stage_inputs(run)["measure"], status)


def _figures_stage(run: _Run) -> None:
    subject = Subject(target=run.target.capabilities.name, hit_at=run.config.measure.hit_at)
    candidates, judged = run.store.candidates(), run.store.judged_attempts()
    chosen = choose_attacks(candidates, run.config)
    findings = find_findings(candidates)
    run.store.add_findings(findings)
    run.store.add_rates(
        [
            *attempt_rates(judged, subject),
            *watched_rates(judged, chosen, run.config, subject.target),
            *cut_rates(judged, subject.target),
            *finding_rates(candidates, findings, subject),
            *search_rates(candidates, subject),
        ]
    )


def _stage_inputs(run: _Run) -> dict[str, dict[str, Any]]:
    """For each stage in order, the settings that decide its result, as a user names them."""
    config = run.config
    shared = {"run.seed": config.run.seed, "target": run.target.hash, "problems.frame": run.frame}
    shared |= _dotted("problems", {**config.problems.fixed(), "frame": run.frame})
    stages: dict[str, dict[str, Any]] = {}
    for attacker in config.attack.attackers:
        stages[f"search/{attacker}"] = {**shared, **_dotted("attack", config.attack.fixed())}
        if attacker in ("pirs", "inversion"):
            stages[f"search/{attacker}"]["red"] = run.red.hash
    stages["measure"] = {**shared, **_dotted("measure", config.measure.fixed())}
    return stages


def _dotted(section: str, values: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{section}.{key}": value for key, value in values.items()}


def _results(run: _Run, partial: str | None) -> dict[str, Any]:
    """The object of results.json: what was tested, how, what came of it, what it cost."""
    protocol: dict[str, Any] = {}
    for inputs in _stage_inputs(run).values():
        protocol |= inputs
    if protocol.pop("target") == protocol.get("red"):
        protocol["red"] = "the target itself"  # so that two targets' runs are alike
    protocol["attack.max_queries"] = run.config.attack.max_queries
    protocol["attack.attackers"] = list(run.config.attack.attackers)
    spent = run.store.spent()
    asked = [row for row in spent if row["role"] == "target"]
    stages = run.store.stage_status()
    unfinished = [name for name in _stage_inputs(run) if stages.get(name) != "done"]
    return {
        **({"partial": {"reason": partial, "unfinished": unfinished}} if partial else {}),
        "target": {
            "name": run.target.capabilities.name,
            "hash": run.target.hash,
            "shipped": run.config.target.name in shipped_models(),
            "quirks": list(run.target.capabilities.quirks),
        },
        "red": {"name": run.red.capabilities.name, "hash": run.red.hash},
        "protocol": {"hash": content_id(protocol), **protocol},
        "figures": run.store.figures(),
        "cost": {
            "queries": sum(row["queries"] for row in asked),
            "tokens": sum(row["tokens"] for row in asked),
            "seconds": round(sum(row["seconds"] or 0 for row in asked), 3),
            "money": _money(run, spent),
            "by_stage": [{**row, "seconds": round(row["seconds"] or 0, 3)} for row in spent],
        },
    }


def _money(run: _Run, spent: Sequence[Mapping[str, Any]]) -> float | None:
    """Of all models, for the exchanges that the results rest on; None where a price is missing."""
    cost = run.budget.cost_of(spent)
    return None if cost is None else round(cost, 6)
