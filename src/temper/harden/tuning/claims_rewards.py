"""Rewards and pairs for a model that talks: a learned measure, exact truth, people's labels."""

import random
from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np

from temper.training.batch_reward import Batch, Reward, Scored
from temper.training.rows import Row

Failure = Callable[[Sequence[str]], Sequence[float]]
"""Texts to P(failure); NaN where it cannot tell."""
Readable = Callable[[Sequence[str]], Sequence[bool | None]]
"""Texts to whether anybody could read them; None where nothing can tell."""
Said = Literal["true", "false", "neither", "broken"]
Truth = Callable[[str], Said]
WORTH: dict[Said, float] = {"true": 1.0, "neither": 0.5, "false": 0.0, "broken": 0.0}
"""A remark is half as good as a true claim, so that saying less is not the best way out."""


def measure_reward(rows: Sequence[Row], failure: Failure, readable: Readable) -> Reward:
    """1 - P(failure) of the whole text by the learned measure; what it cannot tell is masked.

    A measure learned from text knows nothing of broken text, and calls little of it a failure: what
    nobody could read earns nothing.
    """

    def reward(batch: Batch) -> Scored:
        texts = _texts(rows, batch)
        found = np.asarray(failure(texts), dtype=float)
        clear = [one is not False for one in readable(texts)]
        rewards = [
            None if np.isnan(p) else float(1 - p) * ok for p, ok in zip(found, clear, strict=True)
        ]
        curves = {"failure/measure": float(np.nanmean(found)), "readable": sum(clear) / len(clear)}
        return Scored(rewards, curves)

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
