"""Put the attacks that exploitations found to other targets, and let other measures judge them.

The attacks are fresh prompts of finished attackers whose response was called a failure once; every
target, the one that they were found on too, answers each of them anew.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from temper.budget import Budget
from temper.campaigns.replay_judges import Judges, Source, open_judges, source_of
from temper.campaigns.replay_putting import Putting
from temper.config import ReplayRun, dump_config
from temper.ending import Ending
from temper.evaluate.attempts import Chosen
from temper.evaluate.concern_transfer import concern_transfer
from temper.evaluate.pool import pool_attacks
from temper.evaluate.transfer_differences import transfer_differences
from temper.protocols import Reporter, Silent, Target
from temper.records import Candidate, Rate, content_id
from temper.report.replay_concern import KIND, concern_replay_page
from temper.run_folder import CONFIG, DATABASE, REPORT, RESULTS, Outcome, locked, write_whole
from temper.stages import refresh_stages, unfinished
from temper.store import Store
from temper.targets.pricing import budget_for_many
from temper.targets.registry import open_target, shipped_models, told_apart


def replay_concern(
    config: ReplayRun, folder: Path, reporter: Reporter, budget: Budget | None = None
) -> Outcome:
    """Measure a pool of attacks on each target; write results.json and report.html.

    The same call on the same folder continues where it was. At a cap, and at Ctrl-C, the report is
    made of what was answered.

    Raises:
        ArtifactError: a run has no attacks to replay, or a measure is none.
        ConfigError: the runs are about unlike concerns, or a setting changed.
        TargetError, StoreError: a model or the folder cannot be used.
    """
    settings = config.replay
    source = source_of(settings.runs)
    pool = pool_attacks(settings.runs, settings.max_attacks, config.run.seed, reason="fresh")
    opened = [open_target(one) for one in config.targets]
    targets = told_apart(opened)
    judges = open_judges(settings.runs, settings.measures, source.oracle)
    models = list(zip(opened, config.targets, strict=True))
    budget = budget or budget_for_many(config.budget, models)
    protocol = _protocol(config, source, pool)
    inputs = {f"replay/{name}": {**protocol, "target": one.hash} for name, one in targets.items()}
    with locked(folder), Store(folder / DATABASE) as store:
        budget.remember(store.spent())
        refresh_stages(store, inputs, None, option="")
        write_whole(folder / CONFIG, dump_config(config))
        store.clear("attacks", "attempts", "verdicts", "figures")
        store.add_candidates(_as_candidates(pool))
        put = Putting(config, source, pool, judges, store, budget)
        with Ending() as ending:
            for name, target in targets.items():
                put.to(name, target, reporter)
                store.set_stage(f"replay/{name}", inputs[f"replay/{name}"], "done")
        if ending.reason:
            for name, target in targets.items():
                put.to(name, target, Silent(), offline=True)
        store.add_rates(_rates(store, list(targets), judges, config.run.seed))
        results = ending.partial(unfinished(store, inputs))
        results |= _results(config, store, targets, judges, protocol, source)
        write_whole(folder / RESULTS, json.dumps(results, indent=1, ensure_ascii=False) + "\n")
        write_whole(folder / REPORT, concern_replay_page(store, results))
    return Outcome(folder, results)


def _as_candidates(pool: Sequence[Chosen]) -> Iterator[Candidate]:
    for place, item in enumerate(pool):
        yield Candidate(attack=item.attack, accepted=True, reason="replayed", order=place)


def _rates(store: Store, targets: Sequence[str], judges: Judges, seed: int) -> Iterator[Rate]:
    judged = store.judged_attempts()
    yield from concern_transfer(judged, judges.names, judges.truth, judges.circles)
    exact = judges.final == judges.truth
    yield from transfer_differences(
        judged,
        targets,
        seed=seed,
        measure=judges.final,
        judge="exact" if exact else "learned",
    )


def _protocol(config: ReplayRun, source: Source, pool: Sequence[Chosen]) -> dict[str, Any]:
    return {
        "run.seed": config.run.seed,
        "attacks": content_id([(item.attack.id, item.source) for item in pool]),
        "replay.draws": config.replay.draws,
        "exploit.form": source.form,
        "exploit.max_tokens": source.max_tokens,
        "exploit.temperature": source.temperature,
    }


def _results(
    config: ReplayRun,
    store: Store,
    targets: Mapping[str, Target],
    judges: Judges,
    protocol: Mapping[str, Any],
    source: Source,
) -> dict[str, Any]:
    protocol = {**protocol, "replay.runs": list(config.replay.runs), "judges": judges.versions()}
    spent = store.spent()
    shipped = shipped_models()
    return {
        "kind": KIND,
        "concern": source.concern,
        "targets": [
            {"name": name, "hash": target.hash, "shipped": name in shipped}
            for name, target in targets.items()
        ],
        "protocol": {"hash": content_id(protocol), **protocol},
        "judges": judges.names,
        "final": judges.final,
        "figures": store.figures(),
        "cost": {
            "queries": sum(row["queries"] for row in spent),
            "tokens": sum(row["tokens"] for row in spent),
            "seconds": round(sum(row["seconds"] or 0 for row in spent), 3),
        },
    }
