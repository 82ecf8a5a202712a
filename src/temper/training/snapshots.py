"""What a training leaves on disk: checkpoints to go on from, snapshots to use as any model."""

import shutil
from pathlib import Path
from typing import Any

from temper.training.processes import is_first


def step_of(path: Path) -> int:
    """The number of updates that a checkpoint or snapshot is named after."""
    return int(path.name.rpartition("-")[2])


def last_checkpoint(folder: Path) -> Path | None:
    """The newest whole checkpoint; what a killed process left half-written is none."""
    found = [path for path in folder.glob("checkpoint-*") if (path / "trainer_state.json").exists()]
    return max(found, key=step_of, default=None)


def write_snapshot(model: Any, tokenizer: Any, folder: Path, step: int) -> Path:
    """A plain checkpoint folder of the policy as it is now, adapters merged in.

    It holds nothing but weights, settings and tokenizer, so equal trainings give equal hashes.
    """
    place = folder / f"snapshot-{step:05d}"
    partial = folder / f"partial-{step:05d}"
    shutil.rmtree(partial, ignore_errors=True)
    plain = _merged(model)
    plain.save_pretrained(partial)
    tokenizer.save_pretrained(partial)
    shutil.rmtree(place, ignore_errors=True)
    partial.rename(place)
    return place


def _merged(model: Any) -> Any:
    """A copy without adapters where there are some; the model itself where there are none."""
    if not hasattr(model, "merge_and_unload"):
        return model
    from copy import deepcopy

    return deepcopy(model).merge_and_unload()


def forget_training(folder: Path) -> None:
    """Remove everything that a training wrote."""
    if is_first():
        shutil.rmtree(folder, ignore_errors=True)
