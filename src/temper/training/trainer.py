"""A TRL trainer for one policy: its data, its settings, and the watch over its steps."""

import random
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from temper.config import RLConfig
from temper.errors import MeasureError, TargetError
from temper.records import Prompt
from temper.training.batch_reward import BatchReward, Reward
from temper.training.keeping import keeping
from temper.training.libraries import prepare
from temper.training.processes import is_first, place_and_count
from temper.training.rows import Row
from temper.training.snapshots import write_snapshot

PATIENCE = 20
"""Steps in a row in which all completions of every group earn the same, after which training stops:
there is nothing to learn from."""
OnStep = Callable[[int, Mapping[str, float]], None]
"""Told after every update, by its number from 1, what is to be plotted."""


class Job(NamedTuple):
    """All that every process needs to train the same policy."""

    policy: str
    prompts: tuple[Prompt, ...]
    config: RLConfig
    folder: str
    seed: int
    kept: tuple[Row, ...] = ()
    """Answered rightly, and to stay so; none: the reward alone."""


def build_trainer(job: Job, reward: Reward | None, on_step: OnStep) -> Any:
    prepare()
    import transformers
    from datasets import Dataset
    from trl.trainer.grpo_trainer import GRPOTrainer
    from trl.trainer.rloo_trainer import RLOOTrainer

    tokenizer: Any = transformers.AutoTokenizer.from_pretrained(job.policy, local_files_only=True)
    rows = Dataset.from_list(_rows(job, tokenizer))
    batch_reward = BatchReward(reward, _ends(job.policy, tokenizer))
    kind = GRPOTrainer if job.config.algorithm == "grpo" else RLOOTrainer
    weight = job.config.keep if job.kept else 0.0
    if weight:
        kind = keeping(kind, job.kept, tokenizer, weight, job.config.keep_rows, job.seed)
    try:
        trainer = kind(
            model=job.policy,
            reward_funcs=batch_reward,
            args=_arguments(job),
            train_dataset=rows,
            processing_class=tokenizer,
            peft_config=_adapters(job.config),
        )
    except (OSError, ValueError, RuntimeError, KeyError) as error:
        reason = " ".join(str(error).split())[:300]
        raise TargetError(f"{job.policy} cannot be trained: {reason}") from error
    trainer.remove_callback(transformers.PrinterCallback)
    trainer.add_callback(_watcher(batch_reward, on_step, job, tokenizer))
    return trainer


def _rows(job: Job, tokenizer: Any) -> list[dict[str, Any]]:
    """A row for every group of every step, so that training is one pass over them.

    Then a continued training skips exactly what was done, and no step lacks prompts.
    """
    rng = random.Random(f"{job.seed}/prompts")
    groups = job.config.batch // job.config.group_of(len(job.prompts))
    order: list[int] = []
    while len(order) < job.config.steps * groups:
        order += rng.sample(range(len(job.prompts)), len(job.prompts))
    asked = [_asked(prompt, tokenizer) for prompt in job.prompts]
    return [{"prompt": asked[n], "place": n} for n in order[: job.config.steps * groups]]


def _asked(prompt: Prompt, tokenizer: Any) -> str | list[dict[str, str]]:
    if not prompt.is_raw:
        if tokenizer.chat_template is None:
            raise TargetError("a policy without a chat template takes raw prompts only")
        return prompt.to_list()
    text = prompt.last.text
    if not text and not tokenizer("")["input_ids"]:
        text = tokenizer.bos_token or tokenizer.eos_token  # not every tokenizer adds it
    return text


def _ends(policy: str, tokenizer: Any) -> frozenset[int]:
    from transformers import AutoConfig

    config: Any = AutoConfig.from_pretrained(policy, local_files_only=True)
    own = config.eos_token_id
    found = own if isinstance(own, list) else [own]
    return frozenset(token for token in [*found, tokenizer.eos_token_id] if token is not None)


def _arguments(job: Job) -> Any:
    import torch
    from trl.trainer.grpo_config import GRPOConfig
    from trl.trainer.rloo_config import RLOOConfig

    config = job.config
    share = config.batch // place_and_count()[1]
    rows = min(config.rows or share, share)
    if share * place_and_count()[1] != config.batch or share % rows:
        raise TargetError(
            f"a batch of {config.batch} cannot be split into processes and parts of {rows} rows"
        )
    own: dict[str, Any] = {}
    if config.algorithm == "grpo":
        own = {"loss_type": config.loss, "scale_rewards": config.scale_rewards}
    else:
        own = {"normalize_advantages": config.scale_rewards != "none"}
    kind = GRPOConfig if config.algorithm == "grpo" else RLOOConfig
    cpu = config.device == "cpu" or not torch.cuda.is_available()
    return kind(
        output_dir=job.folder,
        seed=job.seed,
        max_steps=config.steps,
        per_device_train_batch_size=rows,
        gradient_accumulation_steps=share // rows,
        steps_per_generation=share // rows,
        num_generations=config.group_of(len(job.prompts)),
        learning_rate=config.learning_rate,
        lr_scheduler_type=config.decay,
        warmup_steps=config.warmup,
        beta=config.kl,
        temperature=config.temperature,
        max_completion_length=config.max_tokens,
        max_grad_norm=config.max_grad_norm,
        bf16=config.bf16,
        use_cpu=cpu,
        model_init_kwargs={"dtype": "float32"},
        activation_checkpointing=False,
        shuffle_dataset=False,
        logging_steps=1,
        save_strategy="steps",
        save_steps=config.save_every,
        save_total_limit=2,
        disable_tqdm=True,
        report_to=[],
        **own,
    )


def _adapters(config: RLConfig) -> Any:
    if config.lora_rank is None:
        return None
    from peft import LoraConfig

    return LoraConfig(
        r=config.lora_rank,
        lora_alpha=2 * config.lora_rank,
        target_modules="all-linear",
        task_type="CAUSAL_LM",
    )


def _watcher(reward: BatchReward, on_step: OnStep, job: Job, tokenizer: Any) -> Any:
    """Hands the curves on, stops what cannot learn, writes snapshots before TRL's checkpoints."""
    from transformers import TrainerCallback

    class Watcher(TrainerCallback):
        constant = 0

        def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **rest: Any):
            if not logs or "loss" not in logs or not is_first():
                return
            curves = {key: float(value) for key, value in logs.items() if _is_number(value)}
            on_step(state.global_step, {**curves, **reward.curves})
            still = curves.get("frac_reward_zero_std", 0.0) >= 1
            self.constant = self.constant + 1 if still else 0
            if self.constant >= PATIENCE:
                raise MeasureError(
                    f"the reward was the same for every completion of a group in {PATIENCE} steps"
                    " in a row: nothing can be learned from it. Start from a policy that succeeds"
                    " sometimes, or choose another measure"
                )

        def on_save(self, args: Any, state: Any, control: Any, model: Any = None, **rest: Any):
            if is_first():
                write_snapshot(model, tokenizer, Path(job.folder), state.global_step)

    return Watcher()


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
