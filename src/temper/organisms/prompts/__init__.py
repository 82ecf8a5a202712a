"""Prompt templates as text files: the same words for the shipped models and for any chat model."""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from temper.arithmetic.frames import fill
from temper.arithmetic.problems import Problem
from temper.records import Prompt


@cache
def template(name: str) -> str:
    """The text of `NAME.txt` in this folder, without its last line break."""
    return files(__name__).joinpath(f"{name}.txt").read_text("utf-8").removesuffix("\n")


def inversion_prompt(problem: Problem, exemplars: Sequence[tuple[Problem, str]] = ()) -> Prompt:
    """Ask a red model for the context of `problem.wrong`; exemplars are attacks with slots."""
    line = template("inversion_example")
    examples = "".join(
        fill(line, other).replace("{text}", fill(text, other)) + "\n" for other, text in exemplars
    )
    text = fill(template("inversion"), problem).replace("{examples}", examples)
    return Prompt.user(text)
