"""garak, by its REST and its OpenAI generator. Prompts come from probes: ours is one file."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .tool import Job, Setting, Told, Tool

PACKAGES = ("garak==0.17.1", "torch==2.13.0")
INSIDE = Path(__file__).parent / "inside"
Generators = Callable[[Job], dict[str, Any]]


def _rest(job: Job) -> dict[str, Any]:
    message = {"role": "user", "content": "$INPUT"}
    return {
        "uri": f"{job.url}/chat/completions",
        "headers": {"Content-Type": "application/json"},
        "req_template_json_object": {"model": "scripted", "messages": [message]},
        "response_json": True,
        "response_json_field": "$.choices[0].message.content",
    }


def _openai(job: Job) -> dict[str, Any]:
    return {"uri": f"{job.url}/", "api_key": "none"}


def _writer(family: str, options: Generators) -> Callable[[Job], None]:
    def write(job: Job) -> None:
        job.write_questions()
        (own,) = job.home.glob("lib/python*/site-packages/garak")
        for kind in ("probe", "detector"):
            written, place = INSIDE / f"garak_{kind}.py", own / f"{kind}s" / "peers.py"
            if not place.is_file() or place.read_text() != written.read_text():
                shutil.copy(written, place)
        module, _, name = family.partition(".")
        plugins = {
            "generators": {module: {name: options(job)}},
            "probes": {"peers": {"Sums": {"questions": str(job.questions_file)}}},
        }
        reporting = {"report_dir": str(job.work), "report_prefix": "run"}
        whole = {"plugins": plugins, "reporting": reporting}
        (job.work / "garak.json").write_text(json.dumps(whole))

    return write


def _command(family: str, *more: str) -> Callable[[Job], list[str]]:
    def command(job: Job) -> list[str]:
        return [
            *("python", "-m", "garak", "--config", "garak.json", "--spec", "probes.peers.Sums"),
            *("--target_type", family, "--target_name", "scripted", "--generations", "1", *more),
        ]

    return command


def _told(job: Job) -> Told | None:
    """From the line `eval` of the report."""
    report = job.work / "run.report.jsonl"
    if not report.is_file():
        return None
    lines = [json.loads(line) for line in report.read_text().splitlines()]
    found = [one for one in lines if one.get("entry_type") == "eval"]
    if not found:
        return None
    one = found[0]
    return Told(one["passed"], one.get("fails", 0), one.get("nones", 0))


def _tool(name: str, family: str, options: Generators) -> Tool:
    return Tool(
        name=name,
        source="pip",
        packages=PACKAGES,
        settings=(
            Setting(label="default", words="serial", command=_command(family)),
            Setting(
                label="best",
                words="--parallel_attempts 32",
                command=_command(family, "--parallel_attempts", "32"),
            ),
        ),
        write=_writer(family, options),
        told=_told,
    )


TOOLS = (
    _tool("garak REST", "rest.RestGenerator", _rest),
    _tool("garak OpenAI", "openai.OpenAICompatible", _openai),
)
