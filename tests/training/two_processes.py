"""What the test of two processes runs under torchrun."""

import os
import sys
from pathlib import Path
from typing import Any

from temper.records import Prompt
from temper.training import rl
from temper.training.batch_reward import Batch, Scored
from temper.training.processes import dismiss, follow, is_first
from tests.training.test_rl import KEPT, POLICY, TINY

FOLDER = Path(sys.argv[1])
seen: list[int] = []
inner = rl.build_trainer


def keep_trainer(*arguments: Any) -> Any:
    """The trainer, whose weights are written down in every process when it is done."""
    trainer = inner(*arguments)

    class Keeper(__import__("transformers").TrainerCallback):
        def on_train_end(self, args: Any, state: Any, control: Any, model: Any = None, **_: Any):
            total = sum(float(p.double().abs().sum()) for p in model.parameters())
            (FOLDER / f"weights-{os.environ['RANK']}").write_text(f"{total:.9f}")

    trainer.add_callback(Keeper())
    return trainer


def reward(batch: Batch) -> Scored:
    seen.append(len(batch.completions))
    return Scored([-float(len(text)) for text in batch.completions], {})


rl.build_trainer = keep_trainer
if is_first():
    config = TINY.model_copy(update={"steps": 2})
    rl.train_policy(POLICY, [Prompt.raw("")], reward, config, FOLDER / "rl", seed=0, kept=KEPT)
    (FOLDER / "seen").write_text(" ".join(map(str, seen)))
    dismiss()
else:
    follow()
