"""Supervised training: on given answers, or on pairs of a better and a worse one, by TRL.

The same manners as `training.rl`: plain snapshots, and a stopped training goes on where it was.
"""

import json
import random
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from temper.config import TuneConfig
from temper.errors import TargetError
from temper.records import content_id
from temper.training.libraries import prepare
from temper.training.rl import Trained, resume_step, trained
from temper.training.rows import Row
from temper.training.snapshots import last_checkpoint, write_snapshot
from temper.training.trainer import OnStep

Builder = Callable[[Path, Any, Sequence[Row], TuneConfig, Path, int], Any]
"""From policy, tokenizer, the rows of all steps in order, settings, folder and seed to a trainer of
the transformers library."""


def train_on_rows(
    policy: Path,
    rows: Sequence[Row],
    config: TuneConfig,
    folder: Path,
    build: Builder,
    *,
    seed: int,
    on_step: OnStep | None = None,
) -> Trained:
    """Train a checkpoint on rows; the same call on the same folder goes on where it was.

    Args:
        policy: a checkpoint folder in Hugging Face form.
        rows: drawn from in a seeded order, each as often as any other.
        config: see `TuneConfig`.
        folder: of checkpoints and snapshots; made if missing.
        build: `sft_trainer` or `preference_trainer`.
        seed: of the order.
        on_step: told the curves of every step.

    Raises:
        TargetError: the checkpoint cannot be loaded or trained, there is no row, or the folder
            holds another training.
    """
    if not rows:
        raise TargetError("there is nothing to train on: no row is left")
    said = [[row.prompt.to_list(), row.answer, row.rejected] for row in rows]
    _check_same(content_id(str(policy), said, config.fixed(), build.__name__, seed), folder)
    if resume_step(folder) >= config.steps:
        return trained(folder)
    trainer = _trainer(policy, _in_order(rows, config, seed), config, folder, build, seed, on_step)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the libraries' own defaults, which no user can change
        start = last_checkpoint(folder)
        trainer.train(resume_from_checkpoint=str(start) if start else None)
    if trainer.state.global_step != config.steps:
        raise TargetError(
            f"the training ended after {trainer.state.global_step} of {config.steps} steps"
        )
    return trained(folder)


def _trainer(
    policy: Path,
    rows: Sequence[Row],
    config: TuneConfig,
    folder: Path,
    build: Builder,
    seed: int,
    on_step: OnStep | None,
) -> Any:
    prepare()
    import transformers

    try:
        tokenizer: Any = transformers.AutoTokenizer.from_pretrained(policy, local_files_only=True)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            trainer = build(policy, tokenizer, rows, config, folder, seed)
    except (OSError, ValueError, RuntimeError, KeyError) as error:
        reason = " ".join(str(error).split())[:300]
        raise TargetError(f"{policy} cannot be trained: {reason}") from error
    trainer.remove_callback(transformers.PrinterCallback)
    trainer.add_callback(_watcher(on_step, folder, tokenizer))
    return trainer


def arguments(config: TuneConfig, folder: Path, seed: int) -> dict[str, Any]:
    """What the settings of all trainers have in common."""
    import torch

    cpu = config.device == "cpu" or not torch.cuda.is_available()
    return {
        "output_dir": str(folder),
        "seed": seed,
        "max_steps": config.steps,
        "per_device_train_batch_size": config.batch,
        "learning_rate": config.learning_rate,
        "lr_scheduler_type": config.decay,
        "warmup_steps": config.warmup,
        "max_grad_norm": config.max_grad_norm,
        "bf16": config.bf16,
        "use_cpu": cpu,
        "model_init_kwargs": {"dtype": "float32"},
        "activation_checkpointing": False,
        "logging_steps": 1,
        "save_strategy": "steps",
        "save_steps": config.save_every,
        "save_total_limit": 2,
        "disable_tqdm": True,
        "report_to": [],
    }


def adapters(config: TuneConfig) -> Any:
    if config.lora_rank is None:
        return None
    from peft import LoraConfig

    return LoraConfig(
        r=config.lora_rank,
        lora_alpha=2 * config.lora_rank,
        target_modules="all-linear",
        task_type="CAUSAL_LM",
    )


def _in_order(rows: Sequence[Row], config: TuneConfig, seed: int) -> list[Row]:
    """The rows of every step, so that training is one pass and none comes more often by chance."""
    rng = random.Random(f"{seed}/rows")
    order: list[Row] = []
    while len(order) < config.steps * config.batch:
        order += rng.sample(rows, len(rows))
    return order[: config.steps * config.batch]


def _check_same(wanted: str, folder: Path) -> None:
    """A folder holds one training: another setting would go on from the wrong weights."""
    path = folder / "training.json"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"id": wanted}), "utf-8")
    elif json.loads(path.read_text("utf-8"))["id"] != wanted:
        raise TargetError(
            f"{folder} holds a training with other settings: use --redo, or another --out"
        )


def _watcher(on_step: OnStep | None, folder: Path, tokenizer: Any) -> Any:
    """Hands the curves on, writes snapshots before the library's own checkpoints."""
    from transformers import TrainerCallback

    class Watcher(TrainerCallback):
        def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **rest: Any):
            if on_step is not None and logs and "loss" in logs:
                on_step(state.global_step, _numbers(logs))

        def on_save(self, args: Any, state: Any, control: Any, model: Any = None, **rest: Any):
            write_snapshot(model, tokenizer, folder, state.global_step)

    return Watcher()


def _numbers(logs: Mapping[str, Any]) -> dict[str, float]:
    return {
        key: float(value)
        for key, value in logs.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }
