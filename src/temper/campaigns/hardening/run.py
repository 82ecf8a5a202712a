"""`temper harden`: from a run's findings to a hardened checkpoint, with a before and an after."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from temper.arithmetic.frames import frame_for
from temper.campaigns.exams import Exam
from temper.campaigns.hardening.bench import Bench
from temper.campaigns.hardening.chain import Link, train_chain
from temper.campaigns.hardening.claims import claims_of, train_claims
from temper.campaigns.hardening.curves import draw_curves
from temper.campaigns.hardening.grader import grader_rates
from temper.campaigns.hardening.reattack import further_rounds, round_rates
from temper.campaigns.hardening.results import harden_inputs, harden_results
from temper.campaigns.hardening.rows import TrainingData, training_data
from temper.campaigns.versus import Compared, Versus, compare_models
from temper.config import HardenRun, dump_config
from temper.errors import TargetError
from temper.evaluate.clustered import Facets
from temper.harden.tuning.data import in_chat_format
from temper.protocols import Reporter, Target
from temper.records import Attack, Rate
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
from temper.targets.registry import open_target
from temper.training.rows import Row
from temper.training.snapshots import forget_training

CHECKPOINT, TRAINING, FINETUNE = "checkpoint", "training", "finetune.jsonl"


def run_harden(
    config: HardenRun, folder: Path, reporter: Reporter, *, redo: bool = False
) -> Outcome:
    """Train, measure both sides, write checkpoint/, finetune.jsonl, results.json, report.html.

    The same call on the same folder continues where it was.

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
        bench = Bench(
            config=config,
            folder=folder,
            store=store,
            target=_local(target, folder, written),
            grader=_grader(config),
            frame=frame,
            reporter=reporter,
        )
        inputs = harden_inputs(bench, data)
        if redo:
            forget_training(folder / TRAINING)
        refresh_stages(store, inputs, "harden" if redo else None, option="--redo")
        write_whole(folder / CONFIG, dump_config(config))
        store.clear("attacks", "figures")
        if claims is None:
            links, more = _sums(bench, data)
        else:
            links, taught = train_claims(bench, claims, data.rows)
            write_finetune_file(folder, taught)
            more = list[Rate]()
        exam = bench.exam if claims is None else claims.exam()
        compared = _compare(bench, exam, links, data)
        rates = [*compared.rates, *more]
        store.add_rates(rates)
        for stage, settings in inputs.items():
            store.set_stage(stage, settings, "done")
        results = harden_results(bench, data, links, compared, rates)
        _write(folder, links, results)
    return Outcome(folder, results)


def _sums(bench: Bench, data: TrainingData) -> tuple[list[Link], list[Rate]]:
    """Train on attacked sums, in rounds if wished; the curves go into the database."""
    links = train_chain(bench, data.rows)
    rounds = further_rounds(bench, data, links)
    links += [link for one in rounds for link in one.links]
    draw_curves(bench, links, data.divided)
    return links, [*round_rates(bench, rounds), *grader_rates(bench, data.rows)]


def write_finetune_file(folder: Path, given: Sequence[Row]) -> int:
    """The rows with an answer as fine-tuning services take them, one JSON object a line.

    Returns:
        How many there are; openings that only a reward judges have no answer.
    """
    answered = [row for row in given if row.answer]
    rows = (json.dumps(row, ensure_ascii=False) for row in in_chat_format(answered))
    write_whole(folder / FINETUNE, "".join(f"{row}\n" for row in rows))
    return len(answered)


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


def _compare(bench: Bench, exam: Exam, links: Sequence[Link], data: TrainingData) -> Compared:
    settings = bench.config.harden
    versus = Versus(
        before=bench.target,
        after=bench.open(links[-1].trained.last),
        red=bench.target,
        exam=exam,
        store=bench.store,
        reporter=bench.reporter,
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
    place = folder / CHECKPOINT
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(links[-1].trained.last, place)
    write_whole(place / "README.md", _card(results))
    write_whole(folder / RESULTS, json.dumps(results, indent=1, ensure_ascii=False) + "\n")
    write_whole(folder / REPORT, harden_page(results))


def _card(results: dict[str, Any]) -> str:
    verdict = results["verdict"]
    reasons = "".join(f"- {reason}\n" for reason in verdict["reasons"])
    return (
        f"# {results['target']['name']}, hardened ({results['mitigation']})\n\n"
        f"Trained by `temper harden` on {results['data']['rows']} rows. Verdict:"
        f" **{verdict['word']}**.\n\n{reasons}\n"
        "Intended for measuring hardening against attacks on arithmetic. Other attacks than those"
        " measured may still work; results.json and report.html beside this folder say which were"
        " tried.\n"
    )
