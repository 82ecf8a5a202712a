"""The door to reinforcement learning, on a shipped model and with TRL itself."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from temper.config import RLConfig
from temper.errors import MeasureError, TargetError
from temper.records import Prompt
from temper.targets.registry import shipped_models
from temper.training.batch_reward import Batch, Reward, Scored, check_rewards
from temper.training.rl import Trained, resume_step, train_policy
from temper.training.rows import Row
from temper.training.trainer import OnStep

POLICY = shipped_models()["abacus-s"]
TINY = RLConfig(
    steps=4, batch=8, learning_rate=1e-3, max_tokens=4, kl=0.1, keep=0.3, keep_rows=2, save_every=2
)
KEPT = [Row(Prompt.user(f"{x} + 4 ="), f" {x + 4}") for x in range(1, 6)]


def short(batch: Batch) -> Scored:
    return Scored([-float(len(text)) for text in batch.completions], {"texts": 8.0})


def train(
    folder: Path,
    reward: Reward = short,
    config: RLConfig = TINY,
    on_step: OnStep | None = None,
) -> Trained:
    return train_policy(
        POLICY, [Prompt.raw("")], reward, config, folder, seed=3, kept=KEPT, on_step=on_step
    )


def weights(folder: Path) -> str:
    return hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    return train(tmp_path_factory.mktemp("rl") / "whole")


def test_a_killed_training_comes_to_the_same_end(undisturbed: Trained, tmp_path: Path):
    class Killed(Exception):
        pass

    def die(step: int, curves: object) -> None:
        if step == 3:
            raise Killed

    with pytest.raises(Killed):
        train(tmp_path, on_step=die)
    assert resume_step(tmp_path) == 2
    seen: list[int] = []
    again = train(tmp_path, on_step=lambda step, curves: seen.append(step))
    assert seen == [3, 4]
    assert weights(again.last) == weights(undisturbed.last)
    assert weights(again.last) != weights(again.snapshots[2])


def test_a_finished_training_is_not_done_again(undisturbed: Trained):
    def never(batch: Batch) -> Scored:
        raise AssertionError("asked again")

    assert train(undisturbed.last.parent, never) == undisturbed


def test_a_folder_holds_one_training_only(undisturbed: Trained):
    with pytest.raises(TargetError, match="other settings"):
        train(undisturbed.last.parent, config=TINY.model_copy(update={"kl": 0.2}))


def test_curves_of_the_reward_stand_beside_those_of_the_training(tmp_path: Path):
    curves: dict[int, dict[str, float]] = {}
    train(
        tmp_path,
        lambda batch: Scored([None, *short(batch).rewards[1:]], {"mine": batch.step}),
        TINY.model_copy(update={"algorithm": "rloo", "steps": 2}),
        on_step=lambda step, seen: curves.update({step: dict(seen)}),
    )
    assert [curves[step]["mine"] for step in (1, 2)] == [0, 1]
    assert curves[2]["kl"] > 0
    assert curves[1]["reward/masked"] == 1 / 8


def test_kept_rows_stay_likely_while_the_reward_pulls_elsewhere(tmp_path: Path):
    lost: dict[float, float] = {}
    for weight in (1e-9, 1.0):
        config = TINY.model_copy(
            update={"steps": 8, "learning_rate": 3e-3, "kl": 0.0, "keep": weight, "keep_rows": 5}
        )

        def watch(step: int, curves: Mapping[str, float], weight: float = weight) -> None:
            lost[weight] = curves["kept/loss"]

        train(tmp_path / str(weight), config=config, on_step=watch)
    assert lost[1.0] < lost[1e-9] / 2


def test_conversations_are_rewarded_in_groups_of_the_same_prompt(tmp_path: Path):
    prompts = [Prompt.user("3 + 4 ="), Prompt.user("5 + 1 ="), Prompt.user("2 + 2 =")]
    seen: list[Batch] = []

    def reward(batch: Batch) -> Scored:
        seen.append(batch)
        return short(batch)

    config = TINY.model_copy(update={"group": 4, "steps": 3, "lora_rank": 2})
    last = train_policy(POLICY, prompts, reward, config, tmp_path, seed=0).last
    places = [place for batch in seen for place in batch.prompts]
    assert all(places[start : start + 4] == [places[start]] * 4 for start in range(0, 24, 4))
    assert sorted(places[::4]) == [0, 0, 1, 1, 2, 2], "every prompt as often"
    assert not (last / "adapter_config.json").exists(), "adapters are merged into the snapshot"


def test_constant_rewards_stop_the_training(tmp_path: Path):
    config = TINY.model_copy(update={"steps": 25, "batch": 2, "kl": 0.0, "save_every": 100})
    with pytest.raises(MeasureError, match="the same for every completion"):
        train(tmp_path, lambda batch: Scored([1.0] * 2, {}), config)


@pytest.mark.parametrize(
    ("rewards", "said"),
    [
        ([None, None], "none of 2"),
        ([float("nan"), 1.0], "mask with None"),
        ([float("inf"), 1.0], "is inf"),
        ([1.0], "1 rewards for 2"),
    ],
)
def test_rewards_that_would_train_in_silence_are_refused(rewards: list[float | None], said: str):
    with pytest.raises(MeasureError, match=said):
        check_rewards(rewards, 2, step=0)


def test_two_processes_reward_the_gathered_batch_once_and_train_alike(tmp_path: Path):
    script = str(Path(__file__).with_name("two_processes.py"))
    paths = [str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")]
    torchrun = ["-m", "torch.distributed.run", "--standalone", "--nproc_per_node", "2"]
    done = subprocess.run(
        [sys.executable, *torchrun, script, str(tmp_path)],
        env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "seen").read_text() == "8 8", "whole batches, in one process"
    first, second = ((tmp_path / f"weights-{rank}").read_text() for rank in (0, 1))
    assert first == second
