"""Long prompts that grow out of one another, such as 1, 2, 4, … copies of a text.

Each token that several prompts share passes through the model once: the prompts are walked as a
tree, and where some end or turn off, they are weighed behind a copy of the keys and values so far.
"""

import copy
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from typing import Any

from temper.records import Reply
from temper.targets.batches import Encoded, in_batches, is_out_of_memory
from temper.targets.checkpoint import Checkpoint, forward, left_padded
from temper.targets.prefixes import Prefilled
from temper.targets.weigh import weigh_answers, weigh_behind

LONG = 256
"""Mean tokens a prompt from which on one walk is worth more than a wide batch."""
LEAST_SAVING = 0.5
CHUNK = 2_048
"""Tokens of a shared stretch that pass through the model at once."""


def is_chain(items: Sequence[Encoded]) -> bool:
    """Whether a walk saves at least half of the tokens of prompts that are long."""
    total = sum(len(item.prompt) for item in items)
    if len(items) < 2 or total < LONG * len(items):
        return False
    prompts = sorted(item.prompt for item in items)
    shared = sum(_common(one, other) for one, other in pairwise(prompts))
    return shared >= LEAST_SAVING * total


def weigh_all(checkpoint: Checkpoint, items: Sequence[Encoded]) -> Iterator[Reply]:
    """A reply for each item: by one walk where that saves much, else in batches."""
    try:
        walked = _weigh_chain(checkpoint, items) if is_chain(items) else None
    except (MemoryError, RuntimeError) as error:
        if not is_out_of_memory(error):
            raise
        walked = None
    if walked is not None:
        yield from walked
    else:
        yield from in_batches(items, checkpoint.model, lambda part: weigh_answers(checkpoint, part))


def _weigh_chain(checkpoint: Checkpoint, items: Sequence[Encoded]) -> list[Reply]:
    import torch

    started = time.perf_counter()
    with torch.no_grad():
        replies = list(_walk(checkpoint, sorted(items, key=lambda item: item.prompt), 0, None))
    share = (time.perf_counter() - started) / len(replies)
    return [replace(reply, seconds=share) for reply in replies]


def _walk(
    checkpoint: Checkpoint, items: Sequence[Encoded], depth: int, cache: Any
) -> Iterator[Reply]:
    """Weigh items, sorted by prompt, whose first `depth` tokens are in the cache."""
    first, last = items[0].prompt, items[-1].prompt
    common = min(_common(first, last), min(len(item.prompt) for item in items) - 1)
    cache = _extend(checkpoint, first[:common], depth, cache)
    branches = [list(group) for _, group in groupby(items, lambda item: item.prompt[common])]
    if len(branches) == 1:
        yield from _weigh_ends(checkpoint, branches[0], common, cache)
        return
    ends = [item for branch in branches if len(branch) == 1 for item in branch]
    if ends:
        yield from _weigh_ends(checkpoint, ends, common, copy.deepcopy(cache))
    for branch in branches:
        if len(branch) > 1:
            yield from _walk(checkpoint, branch, common, copy.deepcopy(cache))


def _extend(checkpoint: Checkpoint, prompt: Sequence[int], depth: int, cache: Any) -> Any:
    import torch

    device = checkpoint.model.device
    for start in range(depth, len(prompt), CHUNK):
        part = torch.tensor([prompt[start : start + CHUNK]], device=device)
        mask = torch.ones(1, start + part.shape[1], dtype=torch.long, device=device)
        cache = forward(checkpoint, part, mask, cache, keep=1).past_key_values
    return cache


def _weigh_ends(
    checkpoint: Checkpoint, items: Sequence[Encoded], depth: int, cache: Any
) -> list[Reply]:
    """What is left of each prompt passes through in one batch behind the shared part."""
    import torch

    device = checkpoint.model.device
    rest, mask = left_padded([item.prompt[depth:] for item in items], device)
    if cache is not None:
        cache.batch_repeat_interleave(len(items))
        shared = torch.ones(len(items), depth, dtype=mask.dtype, device=device)
        mask = torch.cat([shared, mask], dim=1)
    output = forward(checkpoint, rest, mask, cache, keep=1)
    prefilled = Prefilled(output.logits[:, -1], output.past_key_values, mask)
    return weigh_behind(checkpoint, items, prefilled)


def _common(one: Sequence[int], other: Sequence[int]) -> int:
    """Tokens that two prompts begin with; found by halving, as the prompts are long."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[:middle] == other[:middle] else (low, middle - 1)
    return low
