"""Supervised fine-tuning on answers: the loss counts the answer's tokens and its end, no prompt."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from temper.config import TuneConfig
from temper.training.rows import MASKED, Row, tokens_of
from temper.training.supervised import adapters, arguments


def sft_trainer(
    policy: Path, tokenizer: Any, rows: Sequence[Row], config: TuneConfig, folder: Path, seed: int
) -> Any:
    """TRL's SFTTrainer on rows whose tokens are exactly those that a target reads and writes."""
    from datasets import Dataset
    from trl.trainer.sft_config import SFTConfig
    from trl.trainer.sft_trainer import SFTTrainer

    return SFTTrainer(
        model=str(policy),
        args=SFTConfig(
            **arguments(config, folder, seed),
            max_length=None,
            dataset_kwargs={"skip_prepare_dataset": True},
        ),
        train_dataset=Dataset.from_list([_encoded(tokenizer, row) for row in rows]),
        processing_class=tokenizer,
        peft_config=adapters(config),
    )


def _encoded(tokenizer: Any, row: Row) -> dict[str, list[int]]:
    prompt, answer = tokens_of(tokenizer, row, row.answer)
    return {"input_ids": [*prompt, *answer], "labels": [MASKED] * len(prompt) + answer}
