"""Group requests into batches that fit the memory: sorted by length, halved when it runs out."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from temper.records import Reply, Request


class Encoded(NamedTuple):
    """A request as token ids."""

    request: Request
    prompt: tuple[int, ...]
    answers: tuple[tuple[int, ...], ...]


Work = Callable[[Sequence[Encoded]], list[Reply]]

MOST_ROWS = 1024
NEAR_TOKENS = 8
"""Prompts within so many tokens go together by their beginnings, not by their lengths."""
ENOUGH_ROWS = 32
"""A batch of so many rows to score takes no longer prompts: padding costs more than a pass."""


def in_batches(items: Sequence[Encoded], model: Any, work: Work) -> Iterator[Reply]:
    """Do the work on batches of similar length, beginnings together; halve what does not fit."""
    budget = _token_budget(model) if items else 0
    waiting = sorted(items, key=_place)
    while waiting:
        rows = _rows_that_fit(waiting, budget)
        batch = waiting[:rows]
        started = time.perf_counter()
        try:
            replies = work(batch)
        except (MemoryError, RuntimeError) as error:
            if not is_out_of_memory(error):
                raise
            if rows == 1:
                yield _too_large(waiting.pop(0).request)
            else:
                budget = sum(_tokens(item) for item in batch) // 2
            continue
        share = (time.perf_counter() - started) / len(batch)
        yield from (replace(reply, seconds=share) for reply in replies)
        del waiting[:rows]


def _place(item: Encoded) -> tuple[int, tuple[int, ...], str]:
    return _bucket(item), item.prompt, item.request.id


def _bucket(item: Encoded) -> int:
    return len(item.prompt) // NEAR_TOKENS


def _rows_that_fit(items: Sequence[Encoded], budget: int) -> int:
    """At least one."""
    longest = 0
    for rows, item in enumerate(items[:MOST_ROWS], start=1):
        longest = max(longest, _tokens(item))
        if rows > ENOUGH_ROWS and item.answers and _bucket(item) != _bucket(items[0]):
            return rows - 1
        if rows * longest > budget:
            return max(1, rows - 1)
    return min(MOST_ROWS, len(items))


def _tokens(item: Encoded) -> int:
    """Tokens that one row may grow to; several answers share their prompt but not its cache."""
    if item.request.decoding is not None:
        return len(item.prompt) + item.request.decoding.max_tokens
    return (len(item.prompt) + max(map(len, item.answers))) * max(1, len(item.answers))


def _token_budget(model: Any) -> int:
    """Tokens whose cache and activations take about a quarter of the free memory."""
    config = model.config
    width = config.hidden_size * config.num_hidden_layers * model.dtype.itemsize
    activations = 24 * config.hidden_size * model.dtype.itemsize
    return max(64, int(_free_bytes(model.device) / 4 / (2 * width + activations)))


def _free_bytes(device: Any) -> int:
    import torch

    if device.type == "cuda":
        return torch.cuda.mem_get_info(device)[0]
    try:
        with open("/proc/meminfo", encoding="ascii") as lines:
            for line in lines:
                if line.startswith("MemAvailable:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 4 * 1024**3  # a modest guess where the system does not say


def is_out_of_memory(error: Exception) -> bool:
    text = str(error).lower()
    return isinstance(error, MemoryError) or "out of memory" in text or "can't allocate" in text


def _too_large(request: Request) -> Reply:
    return Reply(
        request_id=request.id, finish="error", error="this prompt alone does not fit the memory"
    )
