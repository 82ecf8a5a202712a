"""`temper establish`: from a run's labels to a calibrated measure in its folder.

labels -> one label an item -> split -> features, members, calibration -> figures -> report
"""

import json
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from temper.budget import Budget
from temper.campaigns.explored_rates import explored_rates
from temper.campaigns.guard import measure_folder, open_measure
from temper.campaigns.judge_vectors import judge_budget, judge_spent, recorded_in
from temper.campaigns.labelling import newest_guideline
from temper.campaigns.measure_results import (
    all_rates,
    described,
    judge_of,
    label_counts,
    protocol_of,
)
from temper.campaigns.taught import what_is_taught
from temper.campaigns.vectors import candidates_of
from temper.config import EstablishRun, dump_config
from temper.errors import ConfigError
from temper.establish.card import write_card
from temper.establish.features import Candidate, with_earlier
from temper.establish.fit import Fitted, fit_measure
from temper.establish.saved import START, save_measure
from temper.establish.split import split_items
from temper.protocols import Reporter
from temper.report.measure import measure_page
from temper.run_folder import CONFIG, DATABASE, REPORT, RESULTS, Outcome, locked, write_whole
from temper.store import Store

FOLDER = "measure"


def establish(
    config: EstablishRun,
    folder: Path,
    *,
    reporter: Reporter | None = None,
    budget: Budget | None = None,
) -> Outcome:
    """Train, calibrate, audit and save; write results.json and report.html.

    Args:
        config: see `EstablishRun`.
        folder: of a run with labels.
        reporter: told of the progress.
        budget: shared with other stages, with what was spent here counted; None: the settings' own.

    Raises:
        ConfigError, MeasureError: no labels, too few, or of one class only.
        ArtifactError, TargetError, StoreError: something it rests on cannot be used.
        Stopped: a cap came before a judge among the features was asked everything; nothing is
            written but its answers, which the same call goes on from.
    """
    began = time.monotonic()
    start = config.establish.start_from
    if start is not None and measure_folder(start).resolve() == (folder / FOLDER).resolve():
        raise ConfigError("establish.start_from names this very run: use another --out")
    own = None if budget else judge_budget(config)
    with locked(folder), Store(folder / DATABASE) as store:
        if own:
            own.remember(judge_spent(store))
        guideline = (
            store.following(config.concern.guideline())
            if config.concern
            else newest_guideline(store, folder)
        )
        settings, seed = config.establish, config.run.seed
        taught = what_is_taught(store, guideline, settings)
        parts = split_items(
            taught.items,
            audit=settings.audit_share,
            calibration=settings.calibration_share,
            seed=seed,
        )
        candidates = candidates_of(
            settings, config.target, guideline.labels, recorded_in(store, seed, budget or own)
        )
        fitted = fit_measure(
            parts,
            guideline,
            _starting(candidates, config),
            settings,
            name=folder.name,
            seed=seed,
            reporter=reporter,
        )
        judge = judge_of(taught.labels, config)
        rates = all_rates(fitted, judge, taught.labels, guideline, seed)
        speaker = config.target.label if config.target else "the target"
        rates += explored_rates(store.samples(), fitted, speaker)
        results: dict[str, Any] = {
            "kind": "establish",
            "concern": guideline.to_json(),
            "target": {"name": folder.name, "hash": "", "shipped": False},
            "protocol": protocol_of(config, guideline, taught.labels),
            "labels": label_counts(taught, guideline),
            **described(fitted, config),
            "figures": [rate.to_json() for rate in rates],
            "cost": _cost(store, began),
        }
        measure = _save(fitted, config, folder, results)
        results["target"]["hash"] = measure
        store.clear("figures")
        store.add_rates(rates)
        write_whole(folder / CONFIG, dump_config(config))
        write_whole(folder / RESULTS, json.dumps(results, indent=1, ensure_ascii=False) + "\n")
        write_whole(folder / REPORT, measure_page(results))
    return Outcome(folder, results)


def _cost(store: Store, began: float) -> dict[str, float]:
    """What a judge among the features was asked, and the time."""
    spent = judge_spent(store)
    asked = {key: sum(row[key] for row in spent) for key in ("queries", "tokens")}
    return {**asked, "seconds": round(time.monotonic() - began, 1)}


def _starting(candidates: Sequence[Candidate], config: EstablishRun) -> list[Candidate]:
    """Every candidate, and where an earlier measure is named each with its judgement beside."""
    if config.establish.start_from is None:
        return list(candidates)
    earlier = open_measure(config.establish.start_from).log_probabilities
    return [*candidates, *(with_earlier(candidate, earlier) for candidate in candidates)]


def _save(fitted: Fitted, config: EstablishRun, folder: Path, results: dict[str, Any]) -> str:
    """Write the measure's folder and give back its version."""
    place = folder / FOLDER
    if place.exists():
        shutil.rmtree(place)
    kept = save_measure(fitted.measure, place, write_card(fitted.measure, results))
    if config.establish.start_from is not None and fitted.features.endswith("+ start"):
        shutil.copytree(measure_folder(config.establish.start_from), place / START)
    return kept.version
