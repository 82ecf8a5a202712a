"""Measures of false claims on almanac, scored on scored on exact truth: quality, sources, starts.

python benchmarks/almanac_measure.py --target almanac-s [--judge almanac-m] [--seeds 5]
    [--samples 6000] [--only quality|sources|starts] [--out FOLDER]

Each seed draws texts of its own from the target, unprompted. 400 labels in all train, calibrate and
audit a measure; the annotator is simulated and wrong one time in ten. Everything is scored on the
texts that were not labelled, by exact truth; `ceiling` is the best rule on topic and style alone.
The tables are printed in the form of docs/experiments.md.
"""

import argparse
import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from temper.campaigns.judge_vectors import judge_candidate
from temper.campaigns.vectors import candidates_of
from temper.config import CombineRule, EstablishConfig, TargetConfig
from temper.errors import MeasureError
from temper.establish.agreement import combine_labels
from temper.establish.annotators import SimulatedAnnotator, find_oracle
from temper.establish.features import Candidate, with_earlier
from temper.establish.fit import Fitted, fit_measure
from temper.establish.judge import Rubric, judge_items
from temper.establish.labels import Given, Item, import_labels
from temper.establish.noise import doubts, estimate_noise
from temper.establish.split import as_columns, split_items
from temper.organisms.corpus.almanac.ceilings import ceiling
from temper.organisms.elsewhere import claims_elsewhere
from temper.organisms.prompts import template
from temper.protocols import Target
from temper.records import Decoding, Guideline, Label, Prompt, Request
from temper.run_folder import DATABASE
from temper.stats.classification import auroc, brier, expected_calibration_error, macro, recalls
from temper.store import Store
from temper.targets.recorded import RecordedTarget, ask_all
from temper.targets.registry import open_target
from temper.text.duplicates import duplicate_groups

THREE = Guideline(labels=("true", "false", "neither"), failure=("false",))
FOLDED = Guideline(labels=("fine", "false"), failure=("false",), kind="binary")
BUDGET, NOISE = 400, 0.1
FOREIGN = "another land's claims"
AGAIN = 100
"""Labels that are spent on second ones, to count how many are wrong."""
START_STEPS = (80, 120, 200, 400)


class Drawn(NamedTuple):
    """One seed's texts, copies included: natural shares."""

    texts: list[str]
    truth: list[str]


class Quality(NamedTuple):
    macro_recall: float
    auroc: float
    ece: float
    brier: float


def draw(target: str, samples: int, seed: int, folder: Path) -> Drawn:
    """Texts of the target without any prompt, at its own sampling; kept for the next time."""
    folder.mkdir(parents=True, exist_ok=True)
    model = open_target(TargetConfig(name=target, threads=1))
    with Store(folder / DATABASE) as store:
        asked = RecordedTarget(model, store, stage="draw", seed=seed)
        start = Prompt.raw("")
        requests = [
            Request(prompt=start, decoding=Decoding(max_tokens=40, temperature=None), sample=place)
            for place in range(samples)
        ]
        replies = ask_all(asked, requests)
    texts = [reply.text.strip() for reply in replies if reply.text and reply.text.strip()]
    truth = find_oracle("almanac/truth", THREE).truth
    return Drawn(texts, [truth(text) for text in texts])


def annotate(texts: Sequence[str], seed: int) -> list[Label]:
    annotator = SimulatedAnnotator(
        oracle=find_oracle("almanac/truth", THREE),
        name=f"simulated {seed}",
        noise=NOISE,
        seconds=6,
        seed=seed,
    )
    return list(annotator.label([Item.of(text) for text in texts], THREE))


def fit(
    labels: Sequence[Label],
    guideline: Guideline,
    candidates: Sequence[Candidate],
    seed: int,
    *,
    count_noise: bool = False,
    by: CombineRule = "majority",
) -> Fitted:
    """With the defaults of `temper establish`, or with wrong labels counted."""
    settings = EstablishConfig()
    values = combine_labels(labels, guideline, by, None).values
    noise = estimate_noise(labels, len(guideline.labels)).share if count_noise else 0.0
    items = [Item(id=item, text=text) for item, text in texts_of(labels).items() if item in values]
    columns = as_columns(
        items,
        [values[item.id] for item in items],
        guideline.trained,
        duplicate_groups([item.text for item in items]),
        doubts(labels, values, noise, guideline),
    )
    parts = split_items(
        columns, audit=settings.audit_share, calibration=settings.calibration_share, seed=seed
    )
    return fit_measure(parts, guideline, candidates, settings, name="almanac", seed=seed)


def texts_of(labels: Sequence[Label]) -> dict[str, str]:
    return {label.item_id: label.text for label in labels}


def quality(fitted: Fitted, drawn: Drawn, labelled: set[str]) -> Quality:
    """On every text that was not labelled, copies included, by exact truth."""
    places = [place for place, text in enumerate(drawn.texts) if text not in labelled]
    texts = [drawn.texts[place] for place in places]
    names = fitted.measure.labels
    truth = [drawn.truth[place] for place in places]
    classes_N = np.array([names.index(one) if one in names else 0 for one in truth])
    scores = fitted.measure.scores(texts)
    failing_N = np.array([one in fitted.measure.failure for one in truth])
    ones_N = np.ones(len(texts))
    return Quality(
        macro(recalls(scores.said_N, classes_N, len(names))) or float("nan"),
        auroc(scores.failure_N, failing_N) or float("nan"),
        expected_calibration_error(scores.failure_N, failing_N, ones_N),
        brier(scores.failure_N, failing_N, ones_N),
    )


def first_distinct(texts: Sequence[str], count: int) -> list[str]:
    return list(dict.fromkeys(texts))[:count]


def print_quality(
    drawns: Sequence[Drawn], candidates: Sequence[Candidate], judge: Candidate
) -> None:
    """With and without the target's own word, asked as a judge, among the features offered."""
    print("| offered | seed | chosen | held out | macro recall | ceiling | AUROC | ECE | Brier |")
    print("|---|---|---|---|---|---|---|---|---|")
    asked = [*candidates, judge]
    offers = {
        "n-grams, states": (candidates, 0),
        "the target asked too": (asked, 0),
        f"the same, {AGAIN} of the labels second ones": (asked, AGAIN),
    }
    for (offer, (those, again)), (seed, drawn) in itertools.product(
        offers.items(), enumerate(drawns)
    ):
        chosen = first_distinct(drawn.texts, BUDGET - again)
        labels = annotate(chosen, seed) + annotate(chosen[:again], 1_000 + seed)
        fitted = fit(labels, THREE, those, seed, count_noise=again > 0)
        found = quality(fitted, drawn, set(chosen))
        rest = [text for text in drawn.texts if text not in set(chosen)]
        print(
            f"| {offer} | {seed} | {fitted.features} | {len(rest)} | {found.macro_recall:.3f} |"
            f" {ceiling(rest):.3f} | {found.auroc:.3f} | {found.ece:.3f} | {found.brier:.3f} |",
            flush=True,
        )


def print_sources(drawns: Sequence[Drawn], offered: Sequence[Candidate], judge: str) -> None:
    """Which labels when: people, a judge, a classifier that errs one way, other data, all of them.

    Three labels, and two with "neither" folded into "fine"; none of another land's claims is it.
    """
    print("| seed | labels of | labels | given | cost | macro recall | AUROC | ECE |")
    print("|---|---|---|---|---|---|---|---|")
    model = open_target(TargetConfig(name=judge, threads=1))
    for seed, drawn in enumerate(drawns):
        chosen = first_distinct(drawn.texts, BUDGET)
        for name, labels in sources(model, chosen, seed, judge).items():
            rule: CombineRule = "dawid-skene" if name.startswith("Dawid") else "majority"
            for guideline in (THREE, FOLDED):
                if guideline is THREE and name == FOREIGN:
                    continue
                given = labels if guideline is THREE else [fold(label) for label in labels]
                fitted = fit(given, guideline, offered, seed, by=rule)
                found = quality(fitted, drawn, set(chosen))
                print(
                    f"| {seed} | {name} | {len(guideline.labels)} | {len(given)} | {cost(given)} |"
                    f" {found.macro_recall:.3f} | {found.auroc:.3f} | {found.ece:.3f} |",
                    flush=True,
                )


def sources(model: Target, chosen: Sequence[str], seed: int, judge: str) -> dict[str, list[Label]]:
    items = [Item.of(text) for text in chosen]
    rubric = Rubric.of(template("judge_truth"), THREE)
    third = chosen[: BUDGET // 3]
    people = annotate(chosen, seed)
    judged = list(judge_items(model, items, rubric, THREE, judge).labels)
    classifier = SimulatedAnnotator(
        oracle=find_oracle("almanac/truth", THREE),
        name="classifier-like",
        bias={("false", "true"): 0.4, ("neither", "false"): 0.3},
        seed=seed,
    )
    classified = list(classifier.label(items, THREE))
    elsewhere = import_labels(
        [Given(text, label, "elsewhere") for text, label in claims_elsewhere(BUDGET, seed)],
        THREE,
        {},
    )
    return {
        "people-like, one each": people,
        "people-like, three each": [
            label for other in (1, 2, 3) for label in annotate(third, 100 * other + seed)
        ],
        "a judge": judged,
        "classifier-like": classified,
        FOREIGN: list(elsewhere),
        "Dawid-Skene over people, judge and classifier": [*people, *judged, *classified],
    }


def cost(labels: Sequence[Label]) -> str:
    """Time of simulated people, and how many texts a program was asked about."""
    minutes = sum(label.seconds or 0 for label in labels if label.kind == "oracle") / 60
    asked = sum(label.kind != "oracle" or label.seconds is None for label in labels)
    parts = [f"{minutes:.0f} min"] if minutes else []
    return ", ".join([*parts, f"{asked} asked"] if asked else parts)


def fold(label: Label) -> Label:
    from dataclasses import replace

    value = "false" if label.value == "false" else "fine"
    return replace(label, value=value, guideline=FOLDED.version)


def print_starts(
    earlier: Sequence[Drawn],
    drawns: Sequence[Drawn],
    before: Sequence[Candidate],
    after: Sequence[Candidate],
    judge: Candidate,
) -> None:
    """Macro recall on another target, from nothing and from a measure of the first one's texts.

    Args:
        earlier: of the first target, whose measures had 400 labels.
        drawns: of the other target, by the same seeds.
        before: features of the first target's measures.
        after: features offered on the other target.
        judge: what the first target says when it is asked, the feature of the third row's measure.
    """
    print("| seed | begins from | " + " | ".join(map(str, START_STEPS)) + " |")
    print("|---|---|" + "---|" * len(START_STEPS))
    for seed, (old, drawn) in enumerate(zip(earlier, drawns, strict=True)):
        taught = annotate(first_distinct(old.texts, BUDGET), seed)
        starts = {
            "nothing": None,
            "n-grams and states": fit(taught, THREE, before, seed).measure,
            "the first target asked": fit(taught, THREE, [judge], seed).measure,
        }
        held = set(first_distinct(drawn.texts, START_STEPS[-1]))
        for name, start in starts.items():
            offered = list(after)
            if start is not None:
                offered += [with_earlier(one, start.log_probabilities) for one in after]
            curve: list[float] = []
            for count in START_STEPS:
                labels = annotate(first_distinct(drawn.texts, count), 500 + seed)
                try:
                    fitted = fit(labels, THREE, offered, seed)
                except MeasureError:  # too few of a class among so few labels
                    curve.append(float("nan"))
                    continue
                curve.append(quality(fitted, drawn, held).macro_recall)
            cells = " | ".join(f"{one:.3f}" for one in curve)
            print(f"| {seed} | {name} | {cells} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--target", default="almanac-s")
    parser.add_argument("--judge", default="almanac-m")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--samples", type=int, default=6_000)
    parser.add_argument("--other", default="almanac-m", help="the target that `starts` goes to")
    parser.add_argument("--only", choices=("quality", "sources", "starts"))
    parser.add_argument("--out", type=Path, default=Path("runs/almanac-measure"))
    given = parser.parse_args()
    drawns = [draw(given.target, given.samples, seed, given.out) for seed in range(given.seeds)]
    target = TargetConfig(name=given.target, threads=1)
    candidates = candidates_of(EstablishConfig(), target, THREE.labels)
    judge = judge_candidate(EstablishConfig(judge=given.target), THREE.labels)
    if given.only in (None, "quality"):
        print_quality(drawns, candidates, judge)
    if given.only in (None, "sources"):
        print_sources(drawns, [*candidates, judge], given.judge)
    if given.only in (None, "starts"):
        other = TargetConfig(name=given.other, threads=1)
        folder = given.out / "other"
        others = [draw(given.other, given.samples, seed, folder) for seed in range(given.seeds)]
        offered = candidates_of(EstablishConfig(), other, THREE.labels)
        print_starts(drawns, others, candidates, offered, judge)


if __name__ == "__main__":
    main()
