# pyright: basic, reportMissingImports=false
"""The benchmark's prompts as a task of Inspect."""

import json
from pathlib import Path

from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.scorer import match
from inspect_ai.solver import generate


@task
def sums(questions: str) -> Task:
    asked = json.loads(Path(questions).read_text())
    samples = [
        Sample(id=number, input=one["prompt"], target=one["answer"])
        for number, one in enumerate(asked, start=1)
    ]
    return Task(dataset=MemoryDataset(samples), solver=generate(), scorer=match())
