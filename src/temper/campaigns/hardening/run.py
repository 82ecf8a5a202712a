"""`temper harden`: from a run's findings to a hardened checkpoint, with a before and an after."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from temper.arithmetic.frames import frame_for
from temper.budget import Budget
from temper.campaigns.exams import Exam
from temper.campaigns.hardening.bench import Bench
from temper.campaigns.hardening.chain import Link
from temper.campaigns.hardening.claims import claims_of
from temper.campaigns.hardening.finetune import FINETUNE, write_finetune_file
from temper.campaigns.hardening.results import harden_inputs, harden_results
from temper.campaigns.hardening.rows import TrainingData, training_data
from temper.campaigns.hardening.work import work_on
from temper.campaigns.sides import Versus
from temper.campaigns.versus import Compared, compare_models
from temper.config import HardenRun, dump_config
from temper.errors import TargetError
from temper.evaluate.clustered import Facets
from temper.protocols import Reporter, Target
from temper.records import Attack
from temper.report.harden import harden_page
from temper.run_folder import (
    CONFIG,
    DATABASE,
    REPORT,
    RESULTS,
    Outcome,
    existing_run,
    locked,
    write_whole,
)
from temper.stages import refresh_stages
from temper.store import Store, read_only
from temper.targets.huggingface import HuggingFaceTarget
from temper.targets.pricing import budget_for
from temper.targets.registry import open_target
from temper.training.snapshots import forget_training

CHECKPOINT, TRAINING = "checkpoint", "training"


def run_harden(
    config: HardenRun,
    folder: Path,
    reporter: Reporter,
    *,
    redo: bool = False,
    budget: Budget | None = None,
) -> Outcome:
    """Train, measure both sides, write checkpoint/, finetune.jsonl, results.json, report.html.

    The same call on the same folder continues where it was. At a cap, and at Ctrl-C, the report has
    no verdict, and where the training did not come to its end there is no checkpoint.

    Raises:
        ArtifactError: the source is no run, or found too little.
        ConfigError: a setting changed under what has run.
        TargetError: the target is no local checkpoint; its data are written all the same.
    """
    target = open_target(config.target)
    source = existing_run(config.source)
    frame = frame_for(config.problems.frame, chat=target.capabilities.chat)
    claims = claims_of(config, source)
    if claims is not None:
        data = claims.data()
    else:
        with read_only(source / DATABASE) as found:
            data = training_data(config, found.candidates(), frame)
    with locked(folder), Store(folder / DATABASE) as store:
        written = write_finetune_file(folder, data.rows)
        grader = _grader(config)
        budget = budget or _budget(config, target, grader)
        budget.remember(store.spent())
        bench = Bench(
            config=config,
            folder=folder,
            store=store,
            target=_local(target, folder, written),
            grader=grader,
            frame=frame,
            reporter=reporter,
            budget=budget,
        )
        inputs = harden_inputs(bench, data)
        if redo:
            forget_training(folder / TRAINING)
        refresh_stages(store, inputs, "harden" if redo else None, option="--redo")
        write_whole(folder / CONFIG, dump_config(config))
        store.clear("attacks", "figures")
        work = work_on(bench, data, claims)
        compared = Compared(rates=[], ending=work.ending, missing=work.missing)
        if work.ending.reason is None:
            exam = bench.exam if claims is None else claims.exam()
            compared = _compare(bench, exam, work.links, data)
        rates = [*compared.rates, *work.rates]
        store.add_rates(rates)
        for stage, settings in inputs.items():
            if compared.verdict is not None:
                store.set_stage(stage, settings, "done")
        results = compared.ending.partial(compared.missing)
        results |= harden_results(bench, data, work.links, compared, rates)
        _write(folder, work.links, results)
    return Outcome(folder, results)


def _local(target: Target, folder: Path, rows: int) -> HuggingFaceTarget:
    if isinstance(target, HuggingFaceTarget):
        return target
    raise TargetError(
        f"{target.capabilities.name} is no checkpoint on this disk, so it is not trained here:"
        f" {folder / FINETUNE} holds {rows} rows in the common chat format"
        + ("; fine-tune where it is served, then `temper compare BEFORE AFTER`" if rows else "")
    )


def _grader(config: HardenRun) -> HuggingFaceTarget | None:
    if config.harden.grader is None:
        return None
    grader = open_target(config.harden.grader)
    if not isinstance(grader, HuggingFaceTarget):
        raise TargetError("harden.grader: only a checkpoint on this disk can grade in training")
    return grader


def _budget(config: HardenRun, target: Target, grader: HuggingFaceTarget | None) -> Budget:
    helper = (grader or target, config.harden.grader or config.target)
    return budget_for(config.budget, {"target": (target, config.target), "helper": helper})


def _compare(bench: Bench, exam: Exam, links: Sequence[Link], data: TrainingData) -> Compared:
    settings = bench.config.harden
    versus = Versus(
        before=bench.target,
        after=bench.open(links[-1].trained.last),
        red=bench.target,
        exam=exam,
        store=bench.store,
        reporter=bench.reporter,
        budget=bench.budget,
        queries=settings.queries,
        attacks=settings.measured,
        seed=bench.seed,
    )
    facets: Facets = {"target": bench.target.name, "mitigation": bench.mitigation}
    return compare_models(versus, attacks_by_split(data, settings.measured), facets)


def attacks_by_split(data: TrainingData, most: int) -> dict[str, Sequence[Attack]]:
    """What both sides are asked: attacks trained on, other findings, other families."""
    found = {
        "trained": data.texts,
        "held_out": data.divided.held_out,
        "held_families": data.divided.held_families,
    }
    return {split: attacks[:most] for split, attacks in found.items() if attacks}


def _write(folder: Path, links: Sequence[Link], results: dict[str, Any]) -> None:
    """The checkpoint only where all trainings came to their end."""
    place = folder / CHECKPOINT
    shutil.rmtree(place, ignore_errors=True)
    if links:
        shutil.copytree(links[-1].trained.last, place)
        write_whole(place / "README.md", _card(results))
    write_whole(folder / RESULTS, json.dumps(results, indent=1, ensure_ascii=False) + "\n")
    write_whole(folder / REPORT, harden_page(results))


def _card(results: dict[str, Any]) -> str:
    verdict = results["verdict"] or {"word": "none, for it was not measured to the end"}
    reasons = "".join(f"- {reason}\n" for reason in verdict.get("reasons", ()))
    return (
        f"# {results['target']['name']}, hardened ({results['mitigation']})\n\n"
        f"Trained by `temper harden` on {results['data']['rows']} rows. Verdict:"
        f" **{verdict['word']}**.\n\n{reasons}\n"
        "Intended for measuring hardening against attacks on arithmetic. Other attacks than those"
        " measured may still work; results.json and report.html beside this folder say which were"
        " tried.\n"
    )
