"""The suites' texts, as they lie in `texts/`: one a line, `#` begins a comment."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from temper.arithmetic.problems import Problem
from temper.records import Prompt


@cache
def lines(name: str) -> tuple[str, ...]:
    text = files(__name__.rpartition(".")[0]).joinpath("texts", f"{name}.txt").read_text("utf-8")
    found = (line.strip() for line in text.splitlines())
    return tuple(line for line in found if line and not line.startswith("#"))


@cache
def words() -> tuple[str, ...]:
    return tuple(word for line in lines("words") for word in line.split())


@cache
def speakers() -> dict[str, Any]:
    """`wordings` of an opinion, and under `speakers` the phrases for each kind of speaker."""
    folder = files(__name__.rpartition(".")[0]).joinpath("texts")
    return tomllib.loads(folder.joinpath("speakers.toml").read_text("utf-8"))


def opinions() -> dict[str, list[str]]:
    """For each kind of speaker every phrase in every wording, with {z} for what is claimed."""
    wordings = speakers()["wordings"]
    return {
        kind: [wording.replace("{speaker}", phrase) for phrase in phrases for wording in wordings]
        for kind, phrases in speakers()["speakers"].items()
    }


def question(text: str, *, chat: bool) -> Prompt:
    """A question in its own words, asked so that the answer can be read as from a frame."""
    if chat:
        return Prompt.user(f"{text} Reply with the number only.")
    return Prompt.raw(f"Question: {text}\nAnswer:")


def operands(text: str, problem: Problem) -> str:
    return text.replace("{x}", str(problem.x)).replace("{y}", str(problem.y))
