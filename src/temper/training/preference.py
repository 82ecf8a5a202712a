"""Preference training by DPO: a better and a worse answer to the same prompt.

Source: Rafailov et al. 2023 (arXiv:2305.18290), as TRL has it.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from temper.config import TuneConfig
from temper.errors import TargetError
from temper.training.rows import Row, tokens_of
from temper.training.supervised import adapters, arguments


def preference_trainer(
    policy: Path, tokenizer: Any, rows: Sequence[Row], config: TuneConfig, folder: Path, seed: int
) -> Any:
    """TRL's DPOTrainer; every row needs a rejected answer.

    Raises:
        TargetError: a row has none.
    """
    from datasets import Dataset
    from trl.trainer.dpo_config import DPOConfig
    from trl.trainer.dpo_trainer import DPOTrainer

    if not all(row.rejected for row in rows):
        raise TargetError("preferences need a rejected answer in every row")

    class ReadyTrainer(DPOTrainer):
        """Takes rows whose tokens are exactly those that a target reads and writes."""

        def _prepare_dataset(
            self, dataset: Any, processing_class: Any, args: Any, dataset_name: str
        ) -> Any:
            return dataset

    return ReadyTrainer(
        model=str(policy),
        args=DPOConfig(
            **arguments(config, folder, seed),
            max_length=None,
            beta=config.beta,
            loss_type=["sigmoid", "sft"],
            loss_weights=[1.0, config.likelihood],
        ),
        train_dataset=Dataset.from_list([_encoded(tokenizer, row) for row in rows]),
        processing_class=tokenizer,
        peft_config=adapters(config),
    )


def _encoded(tokenizer: Any, row: Row) -> dict[str, list[int]]:
    prompt, chosen = tokens_of(tokenizer, row, row.answer)
    _, rejected = tokens_of(tokenizer, row, row.rejected)
    return {"prompt_ids": prompt, "chosen_ids": chosen, "rejected_ids": rejected}
