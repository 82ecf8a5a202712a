"""Several processes under torchrun: the first leads, the others follow it into every training."""

import os
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any, TypeVar

from temper.errors import Stopped

Kind = TypeVar("Kind")
LONGEST_WAIT = timedelta(days=2)
"""The first process may explore and label for long before there is something to train."""


def place_and_count() -> tuple[int, int]:
    """Which process this is, and of how many, as torchrun says; (0, 1) without it."""
    return int(os.environ.get("RANK", "0")), int(os.environ.get("WORLD_SIZE", "1"))


def is_first() -> bool:
    return place_and_count()[0] == 0


def join() -> None:
    """Meet the other processes; alone, nothing."""
    if place_and_count()[1] == 1:
        return
    import torch
    import torch.distributed as dist

    if not dist.is_initialized():
        backend = "nccl" if torch.cuda.is_available() else "gloo"
        dist.init_process_group(backend, timeout=LONGEST_WAIT)


def gathered(rows: list[Kind]) -> list[Kind]:
    """The rows of all processes, in their order."""
    _, count = place_and_count()
    if count == 1:
        return rows
    import torch.distributed as dist

    parts: list[list[Kind]] = [[] for _ in range(count)]
    dist.all_gather_object(parts, rows)
    return [row for part in parts for row in part]


def broadcast(value: Kind) -> Kind:
    """The first process's value, in every process."""
    if place_and_count()[1] == 1:
        return value
    import torch.distributed as dist

    held: list[Any] = [value]
    dist.broadcast_object_list(held, src=0)
    return held[0]


def lead(work: Callable[..., Any], *arguments: Any) -> None:
    """Have the following processes do this work too, now."""
    if place_and_count()[1] > 1:
        join()
        broadcast((work, arguments))


@contextmanager
def led() -> Generator[bool]:
    """All work of a command, in the first process; the others follow its trainings inside.

    Yields:
        Whether this is the first process, which alone has anything left to do.
    """
    join()
    if not is_first():
        follow()
        yield False
        return
    try:
        yield True
    finally:
        dismiss()


def follow() -> None:
    """Do what the first process leads into, until it dismisses.

    Where a budget stops a training it stops in all processes, and the first has still to report.
    """
    join()
    nothing: Any = None
    while (job := broadcast(nothing)) is not None:
        work, arguments = job
        with suppress(Stopped):
            work(*arguments)
    _part()


def dismiss() -> None:
    """Let the following processes end; the first one calls it when all its work is done."""
    if place_and_count()[1] > 1:
        import torch.distributed as dist

        if dist.is_initialized():
            broadcast(None)
            _part()


def _part() -> None:
    """Leave the group, all at once: one that goes first can make another abort at its end."""
    import torch.distributed as dist

    if dist.is_initialized():
        dist.barrier()
        dist.destroy_process_group()
