"""Prompt templates as text files: the same words for the shipped models and for any chat model.

They are frozen: the shipped models were trained on these very words (and on `paraphrases.toml`), so
changing one would void every figure measured with it. Later needs add files.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from temper.arithmetic.frames import fill
from temper.arithmetic.problems import Problem
from temper.records import Message, Prompt


@cache
def template(name: str) -> str:
    """The text of `NAME.txt` in this folder, without its last line break."""
    return files(__name__).joinpath(f"{name}.txt").read_text("utf-8").removesuffix("\n")


def constitution(name: str) -> str:
    """One of the instructions for `revise_prompt`: arithmetic, truthfulness and so on."""
    return template(f"constitutions/{name}")


@cache
def wordings(name: str) -> tuple[str, ...]:
    """The template, then the other wordings that the corpora use of it."""
    text = files(__name__).joinpath("paraphrases.toml").read_text("utf-8")
    return (template(name), *tomllib.loads(text).get(name, ()))


def render(wording: str, slots: Mapping[str, str]) -> str:
    """Fill {name} for each slot in one pass, so that braces in the values stay as they are."""
    names = "|".join(map(re.escape, slots))
    return re.sub(rf"\{{({names})\}}", lambda match: slots[match.group(1)], wording)


def request(name: str, **slots: str) -> Prompt:
    """The user message of one template: rewrite, splice, fill_in, grade, judge_truth and so on."""
    return Prompt.user(render(template(name), slots))


def inversion_prompt(problem: Problem, exemplars: Sequence[tuple[Problem, str]] = ()) -> Prompt:
    """Ask a red model for the context of `problem.wrong`; exemplars are attacks with slots."""
    line = template("inversion_example")
    examples = "".join(
        fill(line, other).replace("{text}", fill(text, other)) + "\n" for other, text in exemplars
    )
    text = fill(template("inversion"), problem).replace("{examples}", examples)
    return Prompt.user(text)


def with_system(prompt: Prompt, text: str) -> Prompt:
    """Put an instruction or a fact above the prompt: a system message, or a first line if raw."""
    if prompt.is_raw:
        return Prompt.raw(f"{text}\n{prompt.last.text}")
    return Prompt((Message("system", text), *prompt.messages))
