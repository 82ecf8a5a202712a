"""What the benchmark has to know of a tool."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple


class Question(NamedTuple):
    prompt: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One run of one tool."""

    home: Path
    """The tool's environment: a virtual one of Python, or a folder with node_modules."""
    work: Path
    """Empty at first; the command runs in it, and all that it keeps lies there."""
    url: str
    """With /v1."""
    questions: Sequence[Question]

    @property
    def questions_file(self) -> Path:
        return self.work / "questions.json"

    def write_questions(self) -> None:
        """As a list of objects with `prompt` and `answer`."""
        self.questions_file.write_text(json.dumps([one._asdict() for one in self.questions]))


class Told(NamedTuple):
    """What a tool says came of the questions, in its own files."""

    passed: int
    failed: int
    errors: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One way to run a tool."""

    label: str
    """"default" or "best"."""
    words: str
    """What was set, as a reader would write it."""
    command: Callable[[Job], list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    name: str
    source: Literal["pip", "npm", "here"]
    packages: Sequence[str]
    """Pinned; the first one names the version."""
    settings: Sequence[Setting]
    write: Callable[[Job], None]
    """Put down configuration and prompts."""
    told: Callable[[Job], Told | None]
    """None where the tool left no result."""
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    resume: Callable[[Job], list[str]] | None = None
    """The documented way to go on after a crash, where that is another command."""

    @property
    def version(self) -> str:
        return (
            self.packages[0].replace("==", " ").replace("@", " ").strip() if self.packages else ""
        )

    @property
    def best(self) -> Setting:
        return self.settings[-1]
