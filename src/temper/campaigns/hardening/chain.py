"""The trainings of a hardening, one after the other, each on what the one before left."""

import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from temper.campaigns.hardening.bench import Bench
from temper.config import Method, TuneConfig
from temper.harden.grading import ModelGrader
from temper.harden.tuning.rewards import GRADED, ai_reward, exact_reward
from temper.training.batch_reward import Reward
from temper.training.preference import preference_trainer
from temper.training.rl import Trained, resume_step, train_policy
from temper.training.rows import Row
from temper.training.sft import sft_trainer
from temper.training.supervised import Builder, train_on_rows
from temper.training.trainer import OnStep

LONGEST = 8
"""Words of an answer that RL has to write; longer copies are left to the other trainings."""
PROMPTS = 1_000
"""Of RL, drawn from the rows in their shares."""


class Rewarded(NamedTuple):
    """What reinforcement learning draws prompts from, and what it earns."""

    rows: list[Row]
    reward: Reward
    kept: Sequence[Row] = ()
    """Rows whose answers it should go on giving."""


class Link(NamedTuple):
    """One finished training."""

    method: Method
    start: int
    """Steps of the chain before it."""
    trained: Trained

    @property
    def end(self) -> int:
        return self.start + max(self.trained.snapshots)


def train_chain(
    bench: Bench,
    rows: Sequence[Row],
    before: Sequence[Link] = (),
    rewarded: Rewarded | None = None,
) -> list[Link]:
    """Train, or go on training, every method of the settings.

    Args:
        bench: settings and folder.
        rows: to train on.
        before: links of earlier rounds, on whose last checkpoint this chain goes on.
        rewarded: of reinforcement learning; None: the rows' own answers, or a grader's word.

    Returns:
        The new links only.

    Raises:
        TargetError, MeasureError: a checkpoint cannot be trained, or a reward says nothing.
        Stopped: the budget is used up; the training goes on from its last checkpoint.
    """
    links: list[Link] = []
    policy, start = bench.target.path, 0
    if before:
        policy, start = before[-1].trained.last, before[-1].end
    for number, method in enumerate(bench.config.harden.methods, start=len(before)):
        folder = bench.folder / "training" / f"{number}-{method}"
        began = resume_step(folder)
        bench.reporter.stage(f"train: {method}", _steps(bench, method) - began)
        on_step = _recorder(bench, method, start)
        trained = _train(bench, method, policy, rows, rewarded, folder, on_step)
        links.append(Link(method, start, trained))
        policy, start = trained.last, links[-1].end
    return links


def _train(
    bench: Bench,
    method: Method,
    policy: Path,
    rows: Sequence[Row],
    rewarded: Rewarded | None,
    folder: Path,
    on_step: OnStep,
) -> Trained:
    seed = bench.seed
    if method in ("sft", "preference"):
        config, build = _supervised(bench, method)
        return train_on_rows(policy, rows, config, folder, build, seed=seed, on_step=on_step)
    asked, reward, kept = rewarded or _rewarded(bench, method, rows)
    prompts = [row.prompt for row in asked]
    config = bench.config.harden.rl
    return train_policy(
        policy, prompts, reward, config, folder, seed=seed, kept=kept, on_step=on_step
    )


def _rewarded(bench: Bench, method: Method, rows: Sequence[Row]) -> Rewarded:
    asked, kept = _short(rows, bench.seed), _kept(method, rows)
    if method == "rl_ai":
        grader = bench.recorded(bench.grader or bench.target, "grading", "helper", quiet=True)
        return Rewarded(asked, ai_reward(asked, ModelGrader(grader)), kept)
    return Rewarded(asked, exact_reward(asked), kept)


def _kept(method: Method, rows: Sequence[Row]) -> list[Row]:
    """Rows without attack; for a grading model those alone whose answer stands in the prompt."""
    kinds = GRADED if method == "rl_ai" else ("attack",)
    return [row for row in rows if row.kind not in kinds]


def _supervised(bench: Bench, method: Method) -> tuple[TuneConfig, Builder]:
    settings = bench.config.harden
    if method == "sft":
        return settings.sft, sft_trainer
    return settings.preference, preference_trainer


def _short(rows: Sequence[Row], seed: int) -> list[Row]:
    short = [row for row in rows if len(row.answer.split()) <= LONGEST]
    return random.Random(f"{seed}/rl").sample(short, min(PROMPTS, len(short)))


def _steps(bench: Bench, method: Method) -> int:
    settings = bench.config.harden
    config = {"sft": settings.sft, "preference": settings.preference}.get(method, settings.rl)
    return config.steps


def _recorder(bench: Bench, method: Method, start: int) -> OnStep:
    def on_step(step: int, curves: Mapping[str, float]) -> None:
        named = {f"{method}/{name}": value for name, value in curves.items()}
        bench.store.add_curves("harden", bench.seed, start + step, named)
        bench.reporter.advance(1)
        bench.budget.check_time()

    return on_step
