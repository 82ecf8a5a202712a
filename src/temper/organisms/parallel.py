"""Train on several cores: every process takes its share of each batch, and gradients are added.

On models this small two processes of one thread each are much faster than one of two threads.
"""

import queue
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple


class Place(NamedTuple):
    """A process among those that train together."""

    rank: int = 0
    size: int = 1

    def rows(self, batch: Any) -> Any:
        """This process's rows of an array."""
        return batch[self.rank :: self.size]

    def takes(self, number: int) -> bool:
        """Whether the `number`-th piece of undivided work is this process's."""
        return number % self.size == self.rank


def add_gradients(parameters: Sequence[Any], place: Place) -> None:
    """Give every process the sum of all processes' gradients."""
    import torch

    if place.size == 1:
        return
    for parameter in parameters:
        if parameter.grad is None:
            parameter.grad = torch.zeros_like(parameter)
    gradients = [parameter.grad for parameter in parameters]
    flat = torch.cat([gradient.flatten() for gradient in gradients])
    torch.distributed.all_reduce(flat)
    pieces = flat.split([gradient.numel() for gradient in gradients])
    for gradient, piece in zip(gradients, pieces, strict=True):
        gradient.copy_(piece.view_as(gradient))


def in_processes(
    size: int, scratch: Path, work: Callable[..., Any], *arguments: Any, say: Callable[[str], None]
) -> None:
    """Run `work(*arguments, report, place)` in `size` processes that can add their gradients.

    Args:
        size: processes, 2 or more.
        scratch: a folder in which they may meet.
        work: a function of a module; what it returns is lost.
        arguments: picklable.
        say: gets the lines that the first process reports.
    """
    import torch.multiprocessing

    spawned: Any = torch.multiprocessing  # its own annotations are incomplete
    lines = spawned.get_context("spawn").Queue()
    meeting = scratch / "meeting"
    meeting.unlink(missing_ok=True)
    team = spawned.start_processes(
        _member,
        args=(size, str(meeting), lines, work, arguments),
        nprocs=size,
        join=False,
        start_method="spawn",
    )
    try:
        while not team.join(timeout=0.5):
            _pass_on(lines, say)
        _pass_on(lines, say)
    finally:
        for process in team.processes:
            if process.is_alive():
                process.terminate()
        meeting.unlink(missing_ok=True)


def _member(
    rank: int, size: int, meeting: str, lines: Any, work: Callable[..., Any], arguments: Any
) -> None:
    import torch

    torch.set_num_threads(1)
    torch.distributed.init_process_group(
        "gloo", init_method=f"file://{meeting}", rank=rank, world_size=size
    )
    report = lines.put if rank == 0 else _nothing
    work(*arguments, report, Place(rank, size))
    torch.distributed.barrier()
    torch.distributed.destroy_process_group()


def _nothing(line: str) -> None:
    pass


def _pass_on(lines: Any, say: Callable[[str], None]) -> None:
    while True:
        try:
            say(lines.get_nowait())
        except queue.Empty:
            return
