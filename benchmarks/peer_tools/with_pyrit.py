"""PyRIT: prompts as objectives of its simplest attack, by the executor that runs many."""

import json
from collections.abc import Callable
from pathlib import Path

from .tool import Job, Setting, Told, Tool

SCRIPT = Path(__file__).parent / "inside" / "pyrit_run.py"


def _command(at_once: int) -> Callable[[Job], list[str]]:
    def command(job: Job) -> list[str]:
        return ["python", str(SCRIPT), job.url, str(job.questions_file), str(at_once)]

    return command


def _told(job: Job) -> Told | None:
    file = job.work / "told.json"
    return Told(*json.loads(file.read_text())) if file.is_file() else None


TOOLS = (
    Tool(
        name="PyRIT",
        source="pip",
        packages=("pyrit==1.1.0",),
        settings=(
            Setting(label="default", words="AttackExecutor()", command=_command(1)),
            Setting(label="best", words="AttackExecutor(max_concurrency=64)", command=_command(64)),
        ),
        write=Job.write_questions,
        told=_told,
    ),
)
