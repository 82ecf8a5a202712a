"""Progress with rate and time left: a bar on a terminal, a line every few seconds elsewhere."""

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

LINE_EVERY = 10.0


class Console:
    """A Reporter that writes to standard error, so that standard output stays parseable."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._name, self._total, self._done = "", 0, 0
        self._started = self._last_line = time.monotonic()

    def __enter__(self) -> Self:
        if not self._quiet and sys.stderr.isatty():
            from rich.console import Console as RichConsole
            from rich.progress import (
                BarColumn,
                MofNCompleteColumn,
                Progress,
                TextColumn,
                TimeRemainingColumn,
            )

            self._bar = Progress(
                TextColumn("{task.description:<28}"),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("{task.fields[rate]}"),
                TimeRemainingColumn(),
                console=RichConsole(stderr=True),
            )
            self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar:
            self._finish_bar()
            self._bar.stop()

    def stage(self, name: str, total: int) -> None:
        if self._bar:
            self._finish_bar()
            self._task = self._bar.add_task(name, total=total, rate="")
        elif not self._quiet and name:
            self._write(f"{name}: up to {total}")
        self._name, self._total, self._done = name, total, 0
        self._started = self._last_line = time.monotonic()

    def advance(self, count: int) -> None:
        self._done += count
        elapsed = max(time.monotonic() - self._started, 1e-6)
        if self._bar and self._task is not None:
            self._bar.update(self._task, advance=count, rate=f"{self._done / elapsed:.0f}/s")
        elif not self._quiet and time.monotonic() - self._last_line > LINE_EVERY:
            self._last_line = time.monotonic()
            left = (self._total - self._done) * elapsed / self._done
            self._write(
                f"{self._name}: {self._done}/{self._total},"
                f" {self._done / elapsed:.0f}/s, about {left:.0f} s left"
            )

    def _finish_bar(self) -> None:
        """A search may end below its budget; a bar that stays open would look like a hang."""
        if self._bar and self._task is not None:
            self._bar.update(self._task, total=self._done, completed=self._done)

    def _write(self, line: str) -> None:
        print(line, file=sys.stderr, flush=True)  # noqa: T201
