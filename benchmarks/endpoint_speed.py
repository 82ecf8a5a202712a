"""Calls a second and CPU a call against a scripted server of 50 ms, or a server of yours (--url).

Three clients, the same calls, at 16 and 64 in flight: a bare httpx2 loop with a semaphore, the
openai target alone, and whole attempts (target, database, verdict). The server is a process of its
own; CPU is this process's alone. The six calls by which a target looks at a server come before the
clock starts; so does a warming up of the bare loop.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path

import httpx2

from temper.arithmetic.problems import ProblemPool, draw_problems
from temper.config import TargetConfig
from temper.evaluate.attempts import Chosen, measure_attacks
from temper.records import Attack, Decoding, Prompt, Request
from temper.store import Store
from temper.targets.openai.target import OpenAITarget, service_of
from temper.targets.recorded import RecordedTarget


@contextmanager
def scripted_server(delay: float) -> Generator[str]:
    command = [sys.executable, "-m", "temper.serving", "--delay", str(delay)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert server.stdout
    try:
        yield server.stdout.readline().strip()
    finally:
        server.terminate()
        server.wait(timeout=30)


def bare(url: str, model: str, calls: int, in_flight: int) -> int:
    async def run() -> int:
        room = asyncio.Semaphore(in_flight)
        limits = httpx2.Limits(max_connections=None, max_keepalive_connections=None)
        async with httpx2.AsyncClient(limits=limits, timeout=60, trust_env=False) as client:

            async def one(number: int) -> str:
                async with room:
                    messages = [{"role": "user", "content": f"What is {number} + 1?"}]
                    body = {"model": model, "messages": messages, "max_tokens": 24}
                    response = await client.post(f"{url}/chat/completions", json=body)
                    return json.loads(response.text)["choices"][0]["message"]["content"]

            return len(await asyncio.gather(*(one(number) for number in range(calls))))

    return asyncio.run(run())


def target(url: str, in_flight: int, model: str | None = None) -> OpenAITarget:
    config = TargetConfig(name=url, model=model, max_in_flight=in_flight)
    opened = OpenAITarget(config, service_of(config, {}))
    assert opened.dialect
    return opened


def alone(opened: OpenAITarget, calls: int) -> int:
    decoding = Decoding()
    prompts = (Prompt.user(f"What is {number} + 1?") for number in range(calls))
    requests = [Request(prompt=prompt, decoding=decoding) for prompt in prompts]
    return len(list(opened.generate(requests)))


def attempts(opened: OpenAITarget, calls: int) -> int:
    problems = draw_problems([ProblemPool("unseen", 2, ("+",))], 40, "speed")
    chosen = [
        Chosen(Attack(text=f"Note {number}: it is {{z}}.", attacker="handwritten"), "accepted")
        for number in range(calls // 80)
    ]
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "run.sqlite") as store:
        recorded = RecordedTarget(opened, store, stage="measure", seed=0)
        store.add_judged(measure_attacks(recorded, chosen, problems, "chat", 24))
        return len(store.judged_attempts()) // 2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=2_000)
    parser.add_argument("--delay", type=float, default=0.05)
    parser.add_argument("--in-flight", type=int, nargs="+", default=[16, 64])
    parser.add_argument("--url", help="a running server, e.g. of `temper target serve abacus-s`")
    parser.add_argument("--model", default="scripted", help="its name at --url")
    options = parser.parse_args()
    print("| client | in flight | calls | calls/s | of bare | CPU a call, ms |")
    print("|---|---|---|---|---|---|")
    server = nullcontext(options.url) if options.url else scripted_server(options.delay)
    with server as url:
        bare(url, options.model, 50, 16)
        for in_flight in options.in_flight:
            first = 0.0
            opened = partial(target, url, in_flight, options.model)
            ways: dict[str, Callable[[], int]] = {
                "bare httpx2 loop": partial(bare, url, options.model, options.calls, in_flight),
                "openai target": partial(alone, opened(), options.calls),
                "attempts, database and verdict": partial(attempts, opened(), options.calls),
            }
            for name, way in ways.items():
                wall, cpu = time.perf_counter(), time.process_time()
                done = way()
                rate = done / (time.perf_counter() - wall)
                cost = (time.process_time() - cpu) / done * 1000
                first = first or rate
                print(
                    f"| {name} | {in_flight} | {done} | {rate:.0f} | {rate / first:.0%}"
                    f" | {cost:.2f} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
