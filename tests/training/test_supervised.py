"""Supervised training on a shipped model, with TRL itself."""

import hashlib
from pathlib import Path

import pytest

from temper.config import TargetConfig, TuneConfig
from temper.errors import TargetError
from temper.records import Decoding, Prompt, Request
from temper.targets.registry import open_target, shipped_models
from temper.training.preference import preference_trainer
from temper.training.rows import Row
from temper.training.sft import sft_trainer
from temper.training.supervised import Builder, train_on_rows

POLICY = shipped_models()["abacus-s"]
ROWS = [
    Row(Prompt.user(f"What is {x} + 4? Reply with the number only."), "77", rejected=str(x + 4))
    for x in range(6)
]
TINY = TuneConfig(steps=6, batch=6, learning_rate=3e-3, warmup=0, save_every=3)


def weights(folder: Path) -> str:
    return hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()


def answers(folder: Path) -> list[str]:
    """The first word of each reply: preferences say nothing of where an answer ends."""
    target = open_target(TargetConfig(name=str(folder), threads=1))
    asked = [Request(prompt=row.prompt, decoding=Decoding(max_tokens=6)) for row in ROWS]
    return [(reply.text or "").split()[0] for reply in target.generate(asked)]


@pytest.mark.parametrize("build", [sft_trainer, preference_trainer])
def test_a_model_learns_the_answers_it_is_given(build: Builder, tmp_path: Path):
    seen: list[int] = []
    done = train_on_rows(
        POLICY, ROWS, TINY, tmp_path, build, seed=0, on_step=lambda step, curves: seen.append(step)
    )
    assert seen == [1, 2, 3, 4, 5, 6]
    assert answers(done.last).count("77") >= 5
    again = train_on_rows(POLICY, ROWS, TINY, tmp_path, build, seed=0)
    assert again == done, "a finished training is not done again"


def test_a_killed_training_comes_to_the_same_end(tmp_path: Path):
    class Killed(Exception):
        pass

    def die(step: int, curves: object) -> None:
        if step == 5:
            raise Killed

    whole = train_on_rows(POLICY, ROWS, TINY, tmp_path / "whole", sft_trainer, seed=1)
    with pytest.raises(Killed):
        train_on_rows(POLICY, ROWS, TINY, tmp_path / "cut", sft_trainer, seed=1, on_step=die)
    again = train_on_rows(POLICY, ROWS, TINY, tmp_path / "cut", sft_trainer, seed=1)
    assert weights(again.last) == weights(whole.last)


def test_rows_that_teach_nothing_are_refused_in_one_line(tmp_path: Path):
    with pytest.raises(TargetError, match="no row is left"):
        train_on_rows(POLICY, [], TINY, tmp_path, sft_trainer, seed=0)
    bare = [Row(ROWS[0].prompt, "7")]
    with pytest.raises(TargetError, match="rejected answer in every row"):
        train_on_rows(POLICY, bare, TINY, tmp_path, preference_trainer, seed=0)
