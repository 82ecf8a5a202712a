"""temper from its front door: the suite of plain sums, whose prompts all tools are given."""

import json
import sys
from pathlib import Path

import temper
from temper.arithmetic.suites import draw_suite

from .tool import Job, Question, Setting, Told, Tool


def draw_questions(count: int) -> list[Question]:
    """The very prompts that the command below asks."""
    items = draw_suite("clean", frame="chat", digits=(2,), count=count, seed=0)
    return [Question(one.prompt.last.text, str(one.problem.right)) for one in items if one.problem]


def _command(job: Job) -> list[str]:
    return [
        *(sys.executable, "-m", "temper", "suite", "arithmetic", "--target", job.url),
        *("--suite", "clean", "--digits", "2", "--items", str(len(job.questions))),
        *("--out", str(job.work / "run")),
    ]


def _told(job: Job) -> Told | None:
    file = job.work / "run" / "results.json"
    if not file.is_file():
        return None
    figures = json.loads(file.read_text())["figures"]
    (one,) = (one for one in figures if one["name"] == "suite.accuracy")
    read = one["n"] - one["unknown"]
    right = round((one["value"] or 0) * read)
    return Told(right, read - right, one["unknown"])


TOOLS = (
    Tool(
        name="temper",
        source="here",
        packages=(),
        settings=(Setting(label="default", words="64 at once", command=_command),),
        write=lambda job: None,
        told=_told,
        environment={"PYTHONPATH": str(Path(temper.__file__).parents[1])},
    ),
)
