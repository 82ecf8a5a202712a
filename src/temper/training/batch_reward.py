"""One reward for the whole batch: what TRL asks of each process apart, gathered and guarded."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from temper.errors import MeasureError, Stopped, TemperError
from temper.training.processes import broadcast, gathered, is_first, place_and_count


class Batch(NamedTuple):
    """The completions of one step, of all processes, groups side by side."""

    step: int
    """From 0: updates that were made before."""
    prompts: Sequence[int]
    """For each completion the place of its prompt among those that were given."""
    completions: Sequence[str]
    finished: Sequence[bool]
    """Whether the policy ended the completion itself; else the longest length cut it off."""


class Scored(NamedTuple):
    """What a reward function says of a batch."""

    rewards: Sequence[float | None]
    """One a completion; None masks it: it moves nothing, and is no zero."""
    curves: Mapping[str, float]
    """What else is to be seen of this step, by name."""


Reward = Callable[[Batch], Scored]


@dataclass
class BatchReward:
    """The reward as TRL calls it.

    Under several processes each is called with its own part of the batch: the parts are gathered,
    the first process rewards them all at once, and the others are told.
    """

    reward: Reward | None
    """None in processes that only follow the first."""
    ends: frozenset[int]
    """Tokens with which the policy ends a completion."""
    curves: dict[str, float] = field(default_factory=dict[str, float])
    """Of the last batch."""

    __name__ = "reward"

    def __call__(
        self,
        *,
        completions: Sequence[Any],
        completion_ids: Sequence[Sequence[int]],
        place: Sequence[int],
        trainer_state: Any,
        **columns: Any,
    ) -> list[float | None]:
        texts = [_text(completion) for completion in completions]
        finished = [bool(ids) and ids[-1] in self.ends for ids in completion_ids]
        rows = gathered(list(zip(place, texts, finished, strict=True)))
        said: Scored | TemperError | Stopped | None = None
        if is_first():
            said = self._scored(Batch(trainer_state.global_step, *zip(*rows, strict=True)))
        said = broadcast(said)
        if isinstance(said, TemperError | Stopped):
            raise said
        assert said is not None
        self.curves = dict(said.curves)
        own, _ = place_and_count()
        return list(said.rewards[own * len(texts) : (own + 1) * len(texts)])

    def _scored(self, batch: Batch) -> Scored | TemperError | Stopped:
        """The first process's word; an error is handed on, so that no process waits for ever."""
        assert self.reward is not None
        try:
            scored = self.reward(batch)
            check_rewards(scored.rewards, len(batch.completions), batch.step)
        except (TemperError, Stopped) as error:
            return error
        known = [reward for reward in scored.rewards if reward is not None]
        masked = 1 - len(known) / len(scored.rewards)
        return Scored(list(scored.rewards), {**scored.curves, "reward/masked": masked})


def check_rewards(rewards: Sequence[float | None], wanted: int, step: int) -> None:
    """Refuse what would train in silence towards nothing.

    Raises:
        MeasureError: not one reward a completion, one that is no finite number, or none at all.
    """
    if len(rewards) != wanted:
        raise MeasureError(f"step {step}: {len(rewards)} rewards for {wanted} completions")
    known = [reward for reward in rewards if reward is not None]
    if not known:
        raise MeasureError(
            f"step {step}: none of {wanted} completions could be rewarded: see whether the target"
            " answers and the measure can tell (`temper guard` shows what it says)"
        )
    if strange := [reward for reward in known if not math.isfinite(reward)]:
        raise MeasureError(f"step {step}: a reward is {strange[0]}; mask with None what is unknown")


def _text(completion: Any) -> str:
    """A completion as text; of a conversation the last message."""
    return completion if isinstance(completion, str) else str(completion[-1]["content"])
