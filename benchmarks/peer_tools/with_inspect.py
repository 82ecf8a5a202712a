"""Inspect: a task with a data set, `generate()` and a scorer, by its OpenAI-compatible provider."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from .tool import Job, Setting, Told, Tool

TASK = Path(__file__).parent / "inside" / "inspect_task.py"


def _write(job: Job) -> None:
    job.write_questions()
    shutil.copy(TASK, job.work)


def _command(verb: str, *more: str) -> Callable[[Job], list[str]]:
    def command(job: Job) -> list[str]:
        model = ["--model", "openai-api/scripted/scripted", "--model-base-url", job.url]
        questions = ["-T", f"questions={job.questions_file}"]
        return [
            *("inspect", verb, TASK.name, *model, *questions),
            *("--log-dir", "logs", "--display", "plain", *more),
        ]

    return command


def _told(job: Job) -> Told | None:
    """From the newest log's samples."""
    logs = sorted((job.work / "logs").glob("*.eval"), key=lambda path: path.stat().st_mtime)
    if not logs:
        return None
    dumped = subprocess.run(
        [str(job.home / "bin/inspect"), "log", "dump", str(logs[-1])],
        cwd=job.work,
        env={"HOME": str(job.work), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )
    samples = json.loads(dumped.stdout).get("samples") or []
    errors = sum(bool(one.get("error")) for one in samples)
    scored = [one["scores"] for one in samples if not one.get("error") and one.get("scores")]
    passed = sum(all(score["value"] == "C" for score in one.values()) for one in scored)
    return Told(passed, len(scored) - passed, errors)


TOOLS = (
    Tool(
        name="Inspect",
        source="pip",
        packages=("inspect-ai==0.3.285", "openai==3.54.0"),
        settings=(
            Setting(label="default", words="eval", command=_command("eval")),
            Setting(
                label="best",
                words="eval-set --max-connections 64",
                command=_command("eval-set", "--max-connections", "64"),
            ),
        ),
        write=_write,
        told=_told,
        environment={"SCRIPTED_API_KEY": "none"},
    ),
)
