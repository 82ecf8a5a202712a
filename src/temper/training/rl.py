"""Reinforcement learning of a policy: TRL's GRPO or RLOO behind one door.

Attackers and defenders alike hand over a checkpoint, prompts and a function that rewards a whole
batch, and get checkpoints back.
"""

import json
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from temper.config import RLConfig
from temper.errors import TargetError
from temper.records import Prompt, content_id
from temper.training.batch_reward import Reward
from temper.training.processes import is_first, lead
from temper.training.rows import Row
from temper.training.snapshots import last_checkpoint, step_of
from temper.training.trainer import Job, OnStep, build_trainer


class Trained(NamedTuple):
    """What a training left."""

    snapshots: Mapping[int, Path]
    """By number of updates: plain checkpoint folders, the last one among them."""

    @property
    def last(self) -> Path:
        return self.snapshots[max(self.snapshots)]


def train_policy(
    policy: Path,
    prompts: Sequence[Prompt],
    reward: Reward,
    config: RLConfig,
    folder: Path,
    *,
    seed: int,
    kept: Sequence[Row] = (),
    on_step: OnStep | None = None,
) -> Trained:
    """Train a policy on prompts by a reward over the whole batch.

    The same call on the same folder goes on from the last checkpoint and comes to the same end as
    an undisturbed training. Under torchrun all processes train; the reward is asked in the first
    one only, with the completions of all (`processes.follow` makes the others follow).

    Args:
        policy: a checkpoint folder in Hugging Face form; the divergence is measured from it.
        prompts: drawn from in a seeded order; raw "" is the beginning-of-text token.
        reward: see `Batch` and `Scored`. A reward with a memory brings it to `resume_step(folder)`
            before the call.
        config: see `RLConfig`.
        folder: of checkpoints and snapshots; made if missing.
        seed: of prompts and sampling.
        kept: rows whose answers the policy should go on giving, weighed by `config.keep`.
        on_step: told the curves of every step: the reward's own and TRL's (`reward`, `kl`,
            `entropy`, `loss`, `grad_norm`, `learning_rate`, `completions/mean_length` …).

    Raises:
        TargetError: the policy cannot be loaded or trained, or a prompt needs a chat template.
        MeasureError: rewards are not finite, all unknown, or constant for many steps.
        ConfigError, StoreError, Stopped: as the reward raises them.
    """
    job = Job(str(policy), tuple(prompts), config, str(folder), seed, tuple(kept))
    lead(_train, job)
    _train(job, reward, on_step)
    return trained(folder)


def trained(folder: Path) -> Trained:
    """The snapshots that a training has written so far, by number of updates."""
    return Trained({step_of(path): path for path in sorted(folder.glob("snapshot-*"))})


def resume_step(folder: Path) -> int:
    """After how many updates `train_policy` will go on in this folder; 0 for a new training."""
    path = last_checkpoint(folder)
    return step_of(path) if path else 0


def _train(job: Job, reward: Reward | None = None, on_step: OnStep | None = None) -> None:
    folder = Path(job.folder)
    _check_same(job, folder)
    if resume_step(folder) >= job.config.steps:
        return
    with warnings.catch_warnings():
        # TRL and transformers warn of their own defaults and plans, which no user can change
        warnings.simplefilter("ignore")
        trainer = build_trainer(job, reward, on_step or _ignore)
        start = last_checkpoint(folder)
        trainer.train(resume_from_checkpoint=str(start) if start else None)
    if trainer.state.global_step != job.config.steps:
        raise TargetError(
            f"the training ended after {trainer.state.global_step} of {job.config.steps} steps"
        )


def _check_same(job: Job, folder: Path) -> None:
    """A folder holds one training: another setting would go on from the wrong weights.

    Raises:
        TargetError: the folder was made by other settings.
    """
    said = [job.policy, [p.to_list() for p in job.prompts], job.config.fixed(), job.seed]
    said += [[row.prompt.to_list(), row.answer] for row in job.kept]
    wanted, path = content_id("training", said), folder / "training.json"
    if path.exists():
        if json.loads(path.read_text("utf-8"))["id"] != wanted:
            raise TargetError(
                f"{folder} holds a training with other settings: use --redo, or another --out"
            )
    elif is_first():
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"id": wanted, "policy": job.policy, "seed": job.seed}), "utf-8")


def _ignore(step: int, curves: Mapping[str, float]) -> None:
    pass
