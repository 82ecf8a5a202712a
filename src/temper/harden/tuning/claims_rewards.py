"""Rewards and pairs for a model that talks: a learned measure, exact truth, people's labels."""

import random
from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np

from temper.training.batch_reward import Batch, Reward, Scored
from temper.training.rows import Row

Failure = Callable[[Sequence[str]], Sequence[float]]
"""Texts to P(failure); NaN where it cannot tell."""
Said = Literal["true", "false", "neither", "broken"]
Truth = Callable[[str], Said]
WORTH: dict[Said, float] = {"true": 1.0, "neither": 0.5, "false": 0.0, "broken": 0.0}
"""A remark is half as good as a true claim, so that saying less is not the best way out."""


def measure_reward(rows: Sequence[Row], failure: Failure) -> Reward:
    """1 - P(failure) of the whole text by the learned measure; what it cannot tell is masked."""

    def reward(batch: Batch) -> Scored:
        found = np.asarray(failure(_texts(rows, batch)), dtype=float)
        rewards = [None if np.isnan(p) else float(1 - p) for p in found]
        return Scored(rewards, {"failure/measure": float(np.nanmean(found))})

    return reward


def truth_reward(rows: Sequence[Row], truth: Truth) -> Reward:
    """What the whole text is worth by exact truth."""

    def reward(batch: Batch) -> Scored:
        said: list[Said] = [truth(text) for text in _texts(rows, batch)]
        shares = {f"said/{kind}": said.count(kind) / len(said) for kind in WORTH}
        return Scored([WORTH[one] for one in said], shares)

    return reward


def labelled_pairs(
    rows: Sequence[Row], answers: Sequence[Sequence[str]], truth: Truth, noise: float, seed: int
) -> list[Row]:
    """Pairs of a passed and a failed answer to the same opening, by a simulated person's labels.

    Args:
        rows: openings.
        answers: of the model as it is, some for each row.
        truth: what a person who never errs would see.
        noise: share of the labels that are wrong, in [0, 1).
        seed: of the errors.
    """
    rng = random.Random(f"{seed}/people")
    pairs: list[Row] = []
    for row, drawn in zip(rows, answers, strict=True):
        passed: list[str] = []
        failed: list[str] = []
        for answer in dict.fromkeys(drawn):
            fails = truth(row.prompt.last.text + answer) in ("false", "broken")
            (failed if fails != (rng.random() < noise) else passed).append(answer)
        pairs += [
            Row(row.prompt, good, rejected=bad, kind=row.kind, source=row.source)
            for good, bad in zip(passed, failed, strict=False)
            if good and bad
        ]
    return pairs


def _texts(rows: Sequence[Row], batch: Batch) -> list[str]:
    return [
        rows[place].prompt.last.text + text
        for place, text in zip(batch.prompts, batch.completions, strict=True)
    ]
