"""Run a command as a whole process group: time, CPU, memory, a limit, and a kill when told."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

FIRST_SAMPLE = 0.2
SHARE = 0.03
"""Of the time goes to measuring memory, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What became of a command."""

    status: int | None
    """Exit status; None where it was killed here, at the limit or because it was told."""
    wall: float
    cpu: float
    """Seconds, of all processes of the command that it waited for."""
    memory: float
    """MiB, the most that all its processes had together; shared pages are counted once."""
    said: str
    """The last line of its output."""


def run(
    command: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    *,
    limit: float,
    enough: Callable[[], bool] = lambda: False,
) -> Ran:
    """Run a command in a folder until it ends, `enough` says so, or `limit` seconds are over."""
    log = folder / "output.txt"
    started = time.perf_counter()
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    memory, due, killed = 0.0, started + FIRST_SAMPLE, False
    while True:
        ended, status, usage = os.wait4(process.pid, os.WNOHANG)
        now = time.perf_counter()
        if ended:
            break
        if not killed and (enough() or now - started > limit):
            os.killpg(process.pid, signal.SIGKILL)
            killed = True
        elif now >= due:
            memory = max(memory, _memory_of(process.pid))
            due = time.perf_counter() + max(FIRST_SAMPLE, (time.perf_counter() - now) / SHARE)
        time.sleep(0.01)
    process.returncode = os.waitstatus_to_exitcode(status)
    _kill_rest(process.pid)
    return Ran(
        status=None if killed else process.returncode,
        wall=now - started,
        cpu=usage.ru_utime + usage.ru_stime,
        memory=memory,
        said=_last_line(log),
    )


def _kill_rest(group: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


def _memory_of(group: int) -> float:
    """Proportional set size of a process group, in MiB."""
    total = 0
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            if int(fields[2]) == group:
                total += _kilobytes((entry / "smaps_rollup").read_text())
        except (OSError, IndexError):  # it ended meanwhile
            continue
    return total / 1024


def _kilobytes(rollup: str) -> int:
    line = next((line for line in rollup.splitlines() if line.startswith("Pss:")), "Pss: 0 kB")
    return int(line.split()[1])


def _last_line(log: Path) -> str:
    lines = [line.strip() for line in log.read_text("utf-8", "replace").splitlines()]
    return next((line for line in reversed(lines) if line), "")[:200]
