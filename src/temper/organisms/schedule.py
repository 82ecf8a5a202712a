"""How the learning rate goes over the stages of a recipe."""

import math
from collections.abc import Iterator
from typing import Any


def learning_rates(training: dict[str, Any]) -> list[float]:
    """For each step the share of the peak rate.

    Stages share one linear warm-up and one cosine to 2 % of the peak over `decay_steps` (by default
    as many as they have). A stage with a `rate` of its own goes from the first to the second value
    in a line: what comes last and is new, such as long contexts, is not learned at the end of a
    cosine.
    """
    shared = sum(stage["steps"] for stage in training["stages"] if "rate" not in stage)
    decay = _decay(training["warmup"], training.get("decay_steps", shared))
    rates: list[float] = []
    for stage in training["stages"]:
        steps = stage["steps"]
        if "rate" in stage:
            first, last = stage["rate"]
            rates += [first + (last - first) * step / max(1, steps - 1) for step in range(steps)]
        else:
            rates += [next(decay) for _ in range(steps)]
    return rates


def _decay(warmup: int, steps: int) -> Iterator[float]:
    for step in range(steps):
        if step < warmup:
            yield (step + 1) / warmup
        else:
            progress = (step - warmup) / max(1, steps - warmup)
            yield 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * progress))
