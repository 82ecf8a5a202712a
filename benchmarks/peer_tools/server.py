"""The server that every tool is put to: a fixed delay, exact sums, and who asked what how often."""

import multiprocessing
import re
import signal
import time
from collections import Counter
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from temper.serving.scripted import Call, Scripted, ScriptedServer
from temper.serving.scripts import openai_script

TRUNCATED = Scripted(
    body='{"id": "chatcmpl-scripted", "object": "chat.completion", "choices": [{"message": {"ro',
    headers={"content-type": "application/json"},
)
"""Status 200 and half of the JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What came in."""

    asked: dict[str, int]
    """How often each of the benchmark's prompts came."""
    others: int
    """Calls with other prompts: those by which a tool looks at the server."""
    peak: int
    seconds: float
    """From the first to the last of the benchmark's prompts."""

    @property
    def calls(self) -> int:
        return sum(self.asked.values())

    @property
    def repeated(self) -> int:
        return self.calls - len(self.asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    prompts: Sequence[str]
    broken: frozenset[str]
    """Prompts whose answer is cut short, however often they come."""
    delay: float


class Watched:
    """A running server, seen from outside."""

    def __init__(self, url: str, calls: Any, pipe: Connection) -> None:
        self.url, self._calls, self._pipe = url, calls, pipe

    @property
    def calls(self) -> int:
        """Calls with the benchmark's prompts up to now."""
        return self._calls.value

    def counts(self) -> Counts:
        self._pipe.send(None)
        return self._pipe.recv()


@contextmanager
def counting_server(plan: Plan) -> Generator[Watched]:
    """Serve in a process of its own for as long as the context lasts."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    calls = context.Value("i", 0)
    process = context.Process(target=_serve, args=(plan, there, calls), daemon=True)
    process.start()
    try:
        yield Watched(here.recv(), calls, here)
    finally:
        process.kill()
        process.join()


def _serve(plan: Plan, pipe: Connection, calls: Any) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    known, asked, others, times = frozenset(plan.prompts), Counter[str](), 0, list[float]()
    answers = openai_script(_total, delay=plan.delay)
    broken = Scripted(body=TRUNCATED.body, headers=TRUNCATED.headers, delay=plan.delay)

    def script(call: Call) -> Scripted:
        nonlocal others
        prompt = _prompt_of(call)
        if prompt not in known:
            others += 1
            return answers(call)
        asked[prompt] += 1
        calls.value += 1
        times.append(time.perf_counter())
        return broken if prompt in plan.broken else answers(call)

    with ScriptedServer(script, keep_calls=False) as server:
        pipe.send(server.url)
        while True:
            pipe.recv()
            seconds = times[-1] - times[0] + plan.delay if times else 0.0
            pipe.send(Counts(asked=dict(asked), others=others, peak=server.peak, seconds=seconds))


def _total(prompt: str) -> str:
    numbers = re.search(r"(\d+) \+ (\d+)", prompt)
    return str(int(numbers[1]) + int(numbers[2])) if numbers else "7"


def _prompt_of(call: Call) -> str:
    """The last message; clients write it as a text or as a list of parts."""
    messages = call.body.get("messages") or [{}]
    content = messages[-1].get("content", "")
    if isinstance(content, list):
        return "".join(str(part.get("text", "")) for part in content)
    return str(content)
