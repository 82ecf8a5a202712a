"""`temper explore`: draw what a target says, sift it, and choose few texts that show the many.

draw (one part a round) -> choose -> figures -> report
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from temper.budget import Budget
from temper.campaigns.drawing import Drawing
from temper.campaigns.embedding import open_embedder
from temper.campaigns.guard import open_measure
from temper.config import ExploreRun, dump_config
from temper.explore.clusters import Clusters, Floats, k_means
from temper.explore.coverage import coverage
from temper.explore.describe import describe
from temper.explore.diversify import Subset, equal_draws, farthest
from temper.explore.kind import Filter
from temper.explore.rates import coverage_rates, draw_rates
from temper.protocols import Reporter, Silent
from temper.records import Sample, content_id
from temper.report.explore import explore_page
from temper.run_folder import CONFIG, DATABASE, REPORT, RESULTS, Outcome, locked, write_whole
from temper.stages import refresh_stages
from temper.store import Store
from temper.targets.pricing import budget_for
from temper.targets.registry import open_target, shipped_models


def explore(
    config: ExploreRun,
    folder: Path,
    *,
    redo: str | None = None,
    reporter: Reporter | None = None,
    keep: Filter | None = None,
    budget: Budget | None = None,
) -> Outcome:
    """Draw, sift, embed, cluster and choose; write results.json and report.html.

    The same call on the same folder continues where it was. Where the budget is used up, what was
    drawn is shown; the outcome's results then say "partial".

    Args:
        config: see `ExploreRun`.
        folder: the run's.
        redo: forget this stage ("draw", "choose") and what follows.
        reporter: told of the progress.
        keep: a filter for the kind of text that is wanted; None trains one if `explore.like` names
            examples.
        budget: shared with what follows, with what was spent here counted; None: the settings' own.

    Raises:
        ConfigError: a setting changed under a stage that has run, or too few texts are left.
        TargetError, StoreError, ArtifactError: a model, the folder or a file cannot be used.
        Stopped: the budget was used up before there was anything to show.
    """
    target = open_target(config.target)
    embedder = open_embedder(config, target)
    suspect = open_measure(config.explore.suspect) if config.explore.suspect else None
    own = budget_for(config.budget, {"target": (target, config.target)}) if not budget else None
    with (
        locked(folder),
        Store(folder / DATABASE, max_megabytes=config.run.max_database_mb) as store,
    ):
        drawing = Drawing(
            config,
            folder,
            store,
            target,
            embedder,
            reporter or Silent(),
            keep,
            suspect,
            budget or own,
        )
        if own:
            own.remember(store.spent())
        inputs = drawing.inputs() | {"choose": _choose_inputs(config, embedder.hash)}
        refresh_stages(store, inputs, redo)
        write_whole(folder / CONFIG, dump_config(config))
        store.clear("samples", "figures")
        drawing.run()
        if not drawing.stopped:
            for name in drawing.inputs():
                store.set_stage(name, inputs[name], "done")
        texts, directions_ND = drawing.texts(), drawing.directions()
        clusters = k_means(directions_ND, config.explore.clusters, config.run.seed)
        subset = _choose(config, directions_ND, clusters)
        samples = _samples(drawing, clusters, subset)
        store.add_samples(samples)
        if not drawing.stopped:
            store.set_stage("choose", inputs["choose"], "done")
        sieve = drawing.sieve
        found = coverage(texts, directions_ND, clusters, subset.rows, config.run.seed)
        store.add_rates(
            [
                *draw_rates(drawing.drawn, len(texts), sieve.dropped),
                *([drawing.filter.false_rejections()] if drawing.filter else []),
                *coverage_rates(found, config.explore.method, len(subset.rows)),
            ]
        )
        results = (
            _results(drawing, inputs)
            | _partial(drawing)
            | {
                "clusters": [
                    one._asdict()
                    for one in describe(texts, clusters, [one.chosen for one in samples])
                ],
                "dropped": [
                    {"reason": reason, "count": count, "examples": sieve.shown[reason]}
                    for reason, count in sieve.dropped.most_common()
                ],
            }
        )
        write_whole(folder / RESULTS, json.dumps(results, indent=1, ensure_ascii=False) + "\n")
        write_whole(folder / REPORT, explore_page(results))
    return Outcome(folder, results)


def _partial(drawing: Drawing) -> dict[str, Any]:
    """Said in the results of what was stopped."""
    if not drawing.stopped:
        return {}
    left = drawing.config.explore.draws - drawing.drawn
    return {"partial": {"reason": drawing.stopped, "unfinished": [f"{left} more responses"]}}


def _choose(config: ExploreRun, directions_ND: Floats, clusters: Clusters) -> Subset:
    rng = np.random.default_rng(config.run.seed)
    if config.explore.method == "farthest":
        return farthest(directions_ND, config.explore.kept, rng)
    return equal_draws(clusters.label_N, config.explore.kept, rng)


def _samples(drawing: Drawing, clusters: Clusters, subset: Subset) -> list[Sample]:
    chosen = set(subset.rows.tolist())
    inclusion = subset.inclusion_N
    sieve = drawing.sieve
    return [
        Sample(
            exchange_id=sieve.origins[place].exchange_id,
            text=sieve.texts[place],
            prompt=sieve.origins[place].prompt,
            source=drawing.config.explore.source,
            round=sieve.origins[place].round,
            copies=sieve.copies[place],
            cluster=int(clusters.label_N[row]),
            chosen=row in chosen,
            inclusion=None if inclusion is None else round(float(inclusion[row]), 9),
        )
        for row, place in enumerate(drawing.places)
    ]


def _choose_inputs(config: ExploreRun, embedder: str) -> dict[str, Any]:
    names = ("part", "min_words", "statements", "like", "drop_share", "clusters", "method", "kept")
    settings = {f"explore.{name}": getattr(config.explore, name) for name in names}
    return {**settings, "explore.embed": embedder, "run.seed": config.run.seed}


def _results(drawing: Drawing, inputs: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The object of results.json, less what was found."""
    config, target = drawing.config, drawing.target
    protocol: dict[str, Any] = {}
    for one in inputs.values():
        protocol |= one
    protocol.pop("target")
    protocol |= {"explore.draws": config.explore.draws, "explore.rounds": config.explore.rounds}
    spent: Sequence[dict[str, Any]] = drawing.store.spent()
    return {
        "kind": "explore",
        "concern": str(config.concern.get("text", "")),
        "target": {
            "name": target.capabilities.name,
            "hash": target.hash,
            "shipped": config.target.name in shipped_models(),
        },
        "protocol": {"hash": content_id(protocol), **protocol},
        "figures": drawing.store.figures(),
        "cost": {
            "queries": sum(row["queries"] for row in spent),
            "tokens": sum(row["tokens"] for row in spent),
            "seconds": round(sum(row["seconds"] or 0 for row in spent), 3),
            "by_stage": [{**row, "seconds": round(row["seconds"] or 0, 3)} for row in spent],
        },
    }
