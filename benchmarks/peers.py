"""The same prompts on the same scripted server through garak, PyRIT, promptfoo, Inspect and temper.

Three tables: speed with each tool's defaults and its best documented setting; a SIGKILL when half
of the calls are made, and the same command again; and what is said of a tenth of the prompts, whose
answers are always broken off. Every tool has an environment of its own under `--environments`, made
at the first run. A tool that cannot be installed is named with the reason.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

from peer_tools import with_garak, with_inspect, with_promptfoo, with_pyrit, with_temper
from peer_tools.environments import CannotInstall, prepare
from peer_tools.tool import Tool
from peer_tools.trials import Outcome, Trial, faults, kill, speed

TOOLS: tuple[Tool, ...] = (
    *with_temper.TOOLS,
    *with_garak.TOOLS,
    *with_promptfoo.TOOLS,
    *with_inspect.TOOLS,
    *with_pyrit.TOOLS,
)
PARTS = ("speed", "kill", "faults")
WARMING = 12
"""Questions of the first, uncounted run of every tool, which fills its caches."""
Prepared = list[tuple[Tool, Path]]


def speed_rows(tools: Prepared, trial: Trial) -> Iterator[tuple[str, ...]]:
    yield (
        "tool",
        "setting",
        "wall, s",
        "calls/s",
        "in flight",
        "memory, MiB",
        "CPU a prompt, ms",
        "told",
    )
    for tool, home in tools:
        for setting in tool.settings:
            one = speed(tool, setting, home, trial)
            asked = max(1, len(one.counts.asked))
            yield (
                tool.name,
                f"{setting.label}: {setting.words}",
                f"{one.ran.wall:.1f}",
                f"{one.counts.calls / max(one.counts.seconds, 1e-9):.0f}",
                str(one.counts.peak),
                f"{one.ran.memory:.0f}",
                f"{one.ran.cpu / asked * 1000:.1f}",
                told(one),
            )


def kill_rows(tools: Prepared, trial: Trial) -> Iterator[tuple[str, ...]]:
    yield "tool", "then", "calls before", "asked twice", "never asked", "exit", "told"
    for tool, home in tools:
        for resume in (False, True) if tool.resume else (False,):
            one = kill(tool, home, trial, resume=resume)
            counts = one.after.counts
            yield (
                tool.name,
                "its own way to resume" if resume else "the same command",
                str(one.before),
                str(counts.repeated),
                str(len(trial.questions) - len(counts.asked)),
                status(one.after),
                told(one.after),
            )


def fault_rows(tools: Prepared, trial: Trial, share: float) -> Iterator[tuple[str, ...]]:
    yield "tool", "setting", "exit", "told", "calls", "never asked", "wall, s", "its last line"
    for tool, home in tools:
        for setting in tool.settings:
            one = faults(tool, setting, home, trial, share)
            yield (
                tool.name,
                setting.label,
                status(one),
                told(one),
                str(one.counts.calls),
                str(len(trial.questions) - len(one.counts.asked)),
                f"{one.ran.wall:.1f}",
                one.ran.said.replace("|", "/"),
            )


def status(one: Outcome) -> str:
    return "killed at the limit" if one.ran.status is None else str(one.ran.status)


def told(one: Outcome) -> str:
    if one.told is None:
        return "no result"
    return f"{one.told.passed} passed, {one.told.failed} failed, {one.told.errors} errors"


def print_table(rows: Iterator[tuple[str, ...]]) -> None:
    for number, row in enumerate(rows):
        print("| " + " | ".join(row) + " |", flush=True)
        if number == 0:
            print("|" + "---|" * len(row), flush=True)
    print(flush=True)


def prepared(names: list[str], folder: Path, trial: Trial) -> Prepared:
    ready: Prepared = []
    for tool in (tool for tool in TOOLS if not names or tool.name in names):
        try:
            home = prepare(tool, folder.resolve())
        except CannotInstall as error:
            print(f"{tool.name}: not installed: {error}", flush=True)
            continue
        first = speed(tool, tool.best, home, trial)
        print(f"{tool.name} ({tool.version or 'this checkout'}): {told(first)}", flush=True)
        ready.append((tool, home))
    print(flush=True)
    return ready


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--environments", type=Path, required=True, help="a scratch folder")
    parser.add_argument("--tools", nargs="+", default=[], choices=[one.name for one in TOOLS])
    parser.add_argument("--parts", nargs="+", default=PARTS, choices=PARTS)
    parser.add_argument("--questions", type=int, default=1_000)
    parser.add_argument("--delay", type=float, default=0.05)
    parser.add_argument("--share", type=float, default=0.1, help="of the prompts: broken answers")
    parser.add_argument("--limit", type=float, default=150.0, help="seconds for a command")
    options = parser.parse_args()
    questions = with_temper.draw_questions(options.questions)
    trial = Trial(questions=questions, delay=options.delay, limit=options.limit)
    few = Trial(questions=questions[:WARMING], delay=options.delay, limit=options.limit)
    tools = prepared(options.tools, options.environments, few)
    if "speed" in options.parts:
        print_table(speed_rows(tools, trial))
    if "kill" in options.parts:
        print_table(kill_rows(tools, trial))
    if "faults" in options.parts:
        print_table(fault_rows(tools, trial, options.share))


if __name__ == "__main__":
    main()
