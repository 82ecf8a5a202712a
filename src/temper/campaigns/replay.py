"""Put the attacks of finished runs to other targets, on problems that no search has seen."""

import json
from pathlib import Path
from typing import Any

from temper.arithmetic.frames import frame_for
from temper.arithmetic.problems import ProblemPool, draw_problems
from temper.budget import Budget
from temper.config import ReplayRun, dump_config
from temper.ending import Ending
from temper.evaluate.attempts import Chosen, measure_attacks
from temper.evaluate.pool import pool_attacks
from temper.evaluate.transfer import transfer_rates
from temper.evaluate.transfer_differences import transfer_differences
from temper.protocols import Reporter, Silent, Target
from temper.records import Attack, Candidate, content_id
from temper.report.replay import replay_page
from temper.run_folder import CONFIG, DATABASE, REPORT, RESULTS, Outcome, locked, write_whole
from temper.stages import refresh_stages, unfinished
from temper.store import Store
from temper.targets.pricing import budget_for_many
from temper.targets.recorded import RecordedTarget
from temper.targets.registry import open_target, shipped_models, told_apart


def replay(
    config: ReplayRun, folder: Path, reporter: Reporter, budget: Budget | None = None
) -> Outcome:
    """Measure a pool of attacks on each target; write results.json and report.html.

    The same call on the same folder continues where it was. At a cap, and at Ctrl-C, the report is
    made of what was answered.

    Raises:
        ArtifactError: a run has no attacks to replay.
        ConfigError: a setting changed under a target that has been measured.
        TargetError, StoreError: a model or the folder cannot be used.
    """
    settings, seed = config.replay, config.run.seed
    pool = pool_attacks(settings.runs, settings.max_attacks, seed)
    opened = [open_target(one) for one in config.targets]
    by_name = told_apart(opened)
    models = list(zip(opened, config.targets, strict=True))
    budget = budget or budget_for_many(config.budget, models)
    with locked(folder), Store(folder / DATABASE) as store:
        budget.remember(store.spent())
        inputs = {
            f"replay/{name}": _inputs(config, target, pool) for name, target in by_name.items()
        }
        refresh_stages(store, inputs, None, option="")
        write_whole(folder / CONFIG, dump_config(config))
        store.clear("attacks", "attempts", "verdicts", "figures")
        store.add_candidates(_as_candidates(pool))
        with Ending() as ending:
            for name, target in by_name.items():
                _measure(config, store, pool, name, target, reporter, budget)
                store.set_stage(f"replay/{name}", inputs[f"replay/{name}"], "done")
        if ending.reason:
            for name, target in by_name.items():
                _measure(config, store, pool, name, target, Silent(), budget, offline=True)
        judged = store.judged_attempts()
        differences = transfer_differences(judged, list(by_name), seed=seed)
        store.add_rates([*transfer_rates(judged), *differences])
        results = ending.partial(unfinished(store, inputs))
        results |= _results(config, store, by_name, pool)
        write_whole(folder / RESULTS, json.dumps(results, indent=1, ensure_ascii=False) + "\n")
        write_whole(folder / REPORT, replay_page(store, results))
    return Outcome(folder, results)


def _measure(
    config: ReplayRun,
    store: Store,
    pool: list[Chosen],
    name: str,
    target: Target,
    reporter: Reporter,
    budget: Budget,
    *,
    offline: bool = False,
) -> None:
    problems = config.problems
    pools = [ProblemPool("unseen", digits, problems.operators) for digits in problems.digits]
    unseen = draw_problems(pools, config.replay.problems, f"{config.run.seed}/unseen")
    chosen = [*pool, Chosen(Attack(text="", attacker="none"), "control")]
    reporter.stage(f"replay on {name}", 2 * len(chosen) * len(unseen))
    asked = RecordedTarget(
        target,
        store,
        stage=f"replay/{name}",
        seed=config.run.seed,
        ask_failed_again=not offline,
        progress=reporter.advance,
        budget=budget,
        offline=offline,
    )
    frame = frame_for(problems.frame, chat=target.capabilities.chat)
    store.add_judged(
        measure_attacks(asked, chosen, unseen, frame, config.replay.max_tokens, target_name=name)
    )


def _inputs(config: ReplayRun, target: Target, pool: list[Chosen]) -> dict[str, Any]:
    return {
        "run.seed": config.run.seed,
        "target": target.hash,
        "attacks": content_id([(item.attack.id, item.source) for item in pool]),
        **{f"problems.{key}": value for key, value in config.problems.fixed().items()},
        "replay.problems": config.replay.problems,
        "replay.max_tokens": config.replay.max_tokens,
    }


def _as_candidates(pool: list[Chosen]) -> list[Candidate]:
    return [
        Candidate(attack=item.attack, accepted=True, reason="replayed", order=place)
        for place, item in enumerate(pool)
    ]


def _results(
    config: ReplayRun, store: Store, targets: dict[str, Target], pool: list[Chosen]
) -> dict[str, Any]:
    inputs = _inputs(config, next(iter(targets.values())), pool)
    protocol = {key: value for key, value in inputs.items() if key != "target"}
    protocol |= {"replay.runs": list(config.replay.runs)}
    spent = store.spent()
    shipped = shipped_models()
    return {
        "targets": [
            {"name": name, "hash": target.hash, "shipped": name in shipped}
            for name, target in targets.items()
        ],
        "protocol": {"hash": content_id(protocol), **protocol},
        "figures": store.figures(),
        "cost": {
            "queries": sum(row["queries"] for row in spent),
            "tokens": sum(row["tokens"] for row in spent),
            "seconds": round(sum(row["seconds"] or 0 for row in spent), 3),
        },
    }
