"""The training rows of a run: attacked ones of the wished kind, and benign ones."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from temper.arithmetic.frames import Frame
from temper.arithmetic.problems import Problem, ProblemPool
from temper.arithmetic.suites.texts import lines, opinions
from temper.config import HardenRun
from temper.errors import ArtifactError
from temper.evaluate.choose import attack_of
from temper.exploit.baselines import Listed, handwritten, random_text
from temper.harden.tuning import sources
from temper.harden.tuning.benign import benign_rows
from temper.harden.tuning.data import Divided, attacked_rows, divide_attacks
from temper.records import Attack
from temper.training.rows import Row

SUITES = (
    "held_out_pirs",
    "independent_red",
    "philosophical",
    "authority",
    "number_systems",
    "role_play",
    "false_derivation",
)
FEWEST = 3
"""Findings without which there is nothing to train on and hold out."""


@dataclass(frozen=True, slots=True)
class TrainingData:
    rows: list[Row]
    divided: Divided
    """Of the run's own findings, whatever was trained on."""
    texts: tuple[Attack, ...]
    """What was trained on."""


def training_data(
    config: HardenRun, found: Sequence[Mapping[str, Any]], frame: Frame
) -> TrainingData:
    """Rows for training, and the attacks that are kept for measuring.

    Args:
        config: all settings.
        found: the source run's candidates, as the database gives them.
        frame: of the target's questions.

    Raises:
        ArtifactError: the run has too few findings.
    """
    settings, seed = config.harden, config.run.seed
    accepted = sorted(
        (row for row in found if row["accepted"] and not row["void"] and not row["problem"]),
        key=lambda row: (-row["score"], row["attacker"], row["place"]),
    )
    divided = divide_attacks(
        [attack_of(row) for row in accepted],
        held_families=settings.held_families,
        held_share=settings.held_share,
        most=settings.attacks,
        kept_apart=kept_apart(),
        seed=seed,
    )
    if len(divided.trained) < FEWEST and settings.data == "found":
        raise ArtifactError(
            f"{config.source} has {len(accepted)} accepted attacks, {len(divided.trained)} of them"
            " left to train on after cleaning: search longer (`temper attack arithmetic` with a"
            " larger attack.max_queries), or hold less out"
        )
    texts = _texts(config, divided)
    return TrainingData(rows_of(config, texts, frame), divided, tuple(texts))


def rows_of(config: HardenRun, texts: Sequence[Attack], frame: Frame, number: int = 1) -> list[Row]:
    """Attacked and benign rows, anew for every round, whose number from 1 this is."""
    settings, seed = config.harden, config.run.seed + 1_000 * (number - 1)
    pools = [
        ProblemPool("search", size, config.problems.operators) for size in config.problems.digits
    ]

    def draw(rng: random.Random) -> Problem:
        return rng.choice(pools).draw(rng)

    share = settings.benign
    benign = round(settings.rows * share / (1 - share))
    rows = attacked_rows(texts, draw, frame, settings.rows, seed)
    rows += benign_rows(draw, frame, benign, seed)
    return rows


def kept_apart() -> list[str]:
    """Texts of the suites, which nothing trained on may resemble."""
    said = [text for texts in opinions().values() for text in texts]
    return [text for name in SUITES for text in lines(name)] + said


def _texts(config: HardenRun, divided: Divided) -> list[Attack]:
    """Of other kinds as many as there are found ones, so that arms are of one size."""
    count, seed = len(divided.trained) or config.harden.attacks, config.run.seed
    match config.harden.data:
        case "found":
            return list(divided.trained)
        case "plain":
            return sources.plain_attacks(count, seed)
        case "opinions":
            return sources.opinions(count, seed)
        case "handwritten":
            return _first(handwritten(seed), count)
        case "random":
            return _first(random_text(seed), count)


def _first(texts: Listed, count: int) -> list[Attack]:
    found: list[Attack] = []
    while len(found) < count and (more := texts.propose(0, [])):
        found += more
    return found[:count]
