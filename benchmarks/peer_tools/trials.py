"""The three things that are tried with every tool: speed, a kill half-way, and broken answers."""

import os
import random
import tempfile
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .running import Ran, run
from .server import Counts, Plan, Watched, counting_server
from .tool import Job, Question, Setting, Told, Tool

INHERITED = ("PATH", "LANG", "OMP_NUM_THREADS")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """The circumstances that all tools share."""

    questions: Sequence[Question]
    delay: float
    limit: float
    """Seconds after which a command is killed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    ran: Ran
    counts: Counts
    told: Told | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Killed:
    before: int
    """Calls up to the kill."""
    after: Outcome
    """With the calls of both commands."""


def speed(tool: Tool, setting: Setting, home: Path, trial: Trial) -> Outcome:
    """All questions once, on a server without faults."""
    with _job(tool, home, trial) as (job, server):
        ran = _run(tool, setting.command(job), job, trial)
        return Outcome(ran=ran, counts=server.counts(), told=tool.told(job))


def kill(tool: Tool, home: Path, trial: Trial, *, resume: bool) -> Killed:
    """SIGKILL when half of the questions have come, then the same command, or the one to resume."""
    with _job(tool, home, trial) as (job, server):
        command, half = tool.best.command(job), len(trial.questions) // 2
        _run(tool, command, job, trial, enough=lambda: server.calls >= half)
        before = server.calls
        again = tool.resume(job) if resume and tool.resume else command
        ran = _run(tool, again, job, trial)
        after = Outcome(ran=ran, counts=server.counts(), told=tool.told(job))
        return Killed(before=before, after=after)


def faults(tool: Tool, setting: Setting, home: Path, trial: Trial, share: float) -> Outcome:
    """A fixed share of the questions is answered by half of a JSON, whenever they come."""
    prompts = [one.prompt for one in trial.questions]
    broken = frozenset(random.Random(0).sample(prompts, round(share * len(prompts))))
    with _job(tool, home, trial, broken) as (job, server):
        ran = _run(tool, setting.command(job), job, trial)
        return Outcome(ran=ran, counts=server.counts(), told=tool.told(job))


@contextmanager
def _job(
    tool: Tool, home: Path, trial: Trial, broken: frozenset[str] = frozenset()
) -> Generator[tuple[Job, Watched]]:
    prompts = [one.prompt for one in trial.questions]
    plan = Plan(prompts=prompts, broken=broken, delay=trial.delay)
    with tempfile.TemporaryDirectory() as work, counting_server(plan) as server:
        job = Job(home=home, work=Path(work), url=server.url, questions=trial.questions)
        tool.write(job)
        yield job, server


def _run(
    tool: Tool,
    command: Sequence[str],
    job: Job,
    trial: Trial,
    enough: Callable[[], bool] = lambda: False,
) -> Ran:
    """What a tool keeps in the user's home stays in its environment, results in the work folder."""
    kept = {name: os.environ[name] for name in INHERITED if name in os.environ}
    if tool.source != "here":
        kept["PATH"] = f"{job.home}/bin:{job.home}/node_modules/.bin:{kept['PATH']}"
    user = str(job.home / "user") if tool.source != "here" else str(job.work)
    environment = {**kept, "HOME": user, "TERM": "dumb", **tool.environment}
    return run(command, job.work, environment, limit=trial.limit, enough=enough)
