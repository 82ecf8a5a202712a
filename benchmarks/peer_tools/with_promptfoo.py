"""promptfoo: one test a prompt, each with an exact assertion."""

import json
from collections.abc import Callable
from typing import Any

from .tool import Job, Setting, Told, Tool

EVAL = ("eval", "--config", "promptfooconfig.json", "--output", "told.json", "--no-table")


def _write(job: Job) -> None:
    provider = {
        "id": "openai:chat:scripted",
        "config": {"apiBaseUrl": job.url, "apiKey": "none"},
    }
    tests = [
        {
            "vars": {"question": one.prompt},
            "assert": [{"type": "equals", "value": one.answer}],
        }
        for one in job.questions
    ]
    whole: dict[str, Any] = {"prompts": ["{{question}}"], "providers": [provider], "tests": tests}
    (job.work / "promptfooconfig.json").write_text(json.dumps(whole))


def _command(*arguments: str) -> Callable[[Job], list[str]]:
    def command(job: Job) -> list[str]:
        return ["promptfoo", *arguments]

    return command


def _told(job: Job) -> Told | None:
    file = job.work / "told.json"
    if not file.is_file():
        return None
    stats = json.loads(file.read_text())["results"]["stats"]
    return Told(stats["successes"], stats["failures"], stats["errors"])


TOOLS = (
    Tool(
        name="promptfoo",
        source="npm",
        packages=("promptfoo@0.123.1", "node@22.23.3"),
        settings=(
            Setting(label="default", words="4 at once", command=_command(*EVAL)),
            Setting(label="best", words="-j 64", command=_command(*EVAL, "-j", "64")),
        ),
        write=_write,
        told=_told,
        environment={
            "PROMPTFOO_CONFIG_DIR": "promptfoo",
            "PROMPTFOO_DISABLE_TELEMETRY": "1",
            "PROMPTFOO_DISABLE_UPDATE": "1",
        },
        resume=_command("eval", "--resume", "--output", "told.json", "--no-table", "-j", "64"),
    ),
)
