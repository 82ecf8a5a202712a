"""`temper establish`: from a run's labels to a calibrated measure in its folder.

labels -> one label an item -> split -> features, members, calibration -> figures -> report
"""

import json
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from temper.budget import Budget
from temper.campaigns.explored_rates import explored_rates
from temper.campaigns.guard import measure_folder, open_measure
from temper.campaigns.items import label_weights
from temper.campaigns.judge_vectors import judge_budget, judge_spent, recorded_in
from temper.campaigns.labelling import newest_guideline
from temper.campaigns.measure_results import (
    all_rates,
    described,
    judge_of,
    label_counts,
    protocol_of,
)
from temper.campaigns.vectors import candidates_of
from temper.config import EstablishRun, dump_config
from temper.errors import ConfigError, MeasureError
from temper.establish.agreement import Combined, combine_labels
from temper.establish.card import write_card
from temper.establish.features import Candidate, with_earlier
from temper.establish.fit import Fitted, fit_measure
from temper.establish.labels import items_of
from temper.establish.noise import Noise, doubts, estimate_noise
from temper.establish.saved import START, save_measure
from temper.establish.split import Labelled, as_columns, split_items
from temper.protocols import Reporter
from temper.records import Guideline, Label
from temper.report.measure import measure_page
from temper.run_folder import CONFIG, DATABASE, REPORT, RESULTS, Outcome, locked, write_whole
from temper.store import Store
from temper.text.duplicates import duplicate_groups

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
        labels = _labels(store, guideline, config)
        combined = combine_labels(
            labels, guideline, config.establish.combine, config.establish.neutral
        )
        settings, seed = config.establish, config.run.seed
        noise = _noise(labels, guideline, settings.label_noise)
        doubted = doubts(labels, combined.values, noise.share, guideline)
        drawn = label_weights(store)
        labelled, aside = _columns(labels, combined, guideline, drawn, doubted)
        parts = split_items(
            labelled, audit=settings.audit_share, calibration=settings.calibration_share, seed=seed
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
        judge = judge_of(labels, config)
        rates = all_rates(fitted, judge, labels, guideline, seed)
        speaker = config.target.label if config.target else "the target"
        rates += explored_rates(store.samples(), fitted, speaker)
        results: dict[str, Any] = {
            "kind": "establish",
            "concern": guideline.to_json(),
            "target": {"name": folder.name, "hash": "", "shipped": False},
            "protocol": protocol_of(config, guideline, labels),
            "labels": {
                **label_counts(labels, combined, labelled, aside, guideline),
                "noise": noise.to_json() if noise.share or noise.items else None,
            },
            **described(fitted, config),
            "figures": [rate.to_json() for rate in rates],
            "cost": {
                **{
                    key: sum(row[key] for row in judge_spent(store))
                    for key in ("queries", "tokens")
                },
                "seconds": round(time.monotonic() - began, 1),
            },
        }
        measure = _save(fitted, config, folder, results)
        results["target"]["hash"] = measure
        store.clear("figures")
        store.add_rates(rates)
        write_whole(folder / CONFIG, dump_config(config))
        write_whole(folder / RESULTS, json.dumps(results, indent=1, ensure_ascii=False) + "\n")
        write_whole(folder / REPORT, measure_page(results))
    return Outcome(folder, results)


def _labels(store: Store, guideline: Guideline, config: EstablishRun) -> list[Label]:
    labels = store.standing_labels(guideline.version)
    there = {label.annotator for label in labels}
    if strange := set(config.establish.annotators) - there:
        raise MeasureError(
            f"no labels by {sorted(strange)[0]!r} under this guideline: there are labels by"
            f" {', '.join(sorted(there)) or 'nobody'}"
        )
    wanted = config.establish.annotators or there
    labels = [label for label in labels if label.annotator in wanted]
    if not labels:
        raise MeasureError(
            "there are no labels under this guideline: run `temper label` or `temper label-with`"
        )
    return labels


def _noise(labels: Sequence[Label], guideline: Guideline, wanted: float | str) -> Noise:
    if isinstance(wanted, str):
        return estimate_noise(labels, len(guideline.labels))
    return Noise(wanted, wanted, wanted, 0)


def _columns(
    labels: Sequence[Label],
    combined: Combined,
    guideline: Guideline,
    weights: Mapping[str, float],
    doubted: Mapping[str, float],
) -> tuple[Labelled, int]:
    """The items with one label each, and how many were set aside."""
    decided = [item for item in items_of(labels) if item.id in combined.values]
    kept = [item for item in decided if combined.values[item.id] not in guideline.set_aside]
    items = [replace(item, weight=weights.get(item.id, 1.0)) for item in kept]
    values = [combined.values[item.id] for item in items]
    groups_N = duplicate_groups([item.text for item in items])
    columns = as_columns(items, values, guideline.trained, groups_N, doubted)
    return columns, len(decided) - len(kept)


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
