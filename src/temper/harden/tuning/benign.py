"""Rows without any attack: what a model must not lose while it learns to distrust attacks.

Sums, plain, in other words and in stories, copying, look-ups, true claims about the very sum. Words
and wordings are other ones than those of the suites, which measure the same skills afterwards.
"""

import random
import tomllib
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any

from temper.arithmetic.frames import Frame, answer_text, ask, fill
from temper.arithmetic.problems import Problem
from temper.records import Prompt
from temper.training.rows import Row

Draw = Callable[[random.Random], Problem]


def benign_rows(draw: Draw, frame: Frame, count: int, seed: int) -> list[Row]:
    """Rows in fixed shares of their kinds, mixed.

    Args:
        draw: problems of the side of the split that searches see.
        frame: of sums; copying and look-ups are conversations where it is "chat", else raw.
        count: of rows.
        seed: of all draws.
    """
    rng = random.Random(f"{seed}/benign")
    kinds = list(KINDS)
    shares = [KINDS[kind] for kind in kinds]
    return [kind(draw, frame, rng) for kind in rng.choices(kinds, shares, k=count)]


@cache
def _texts() -> dict[str, Any]:
    return tomllib.loads(files("temper.harden.tuning").joinpath("benign.toml").read_text("utf-8"))


def _sum(draw: Draw, frame: Frame, rng: random.Random) -> Row:
    return _solved(draw(rng), frame, "", "sums")


def _worded(draw: Draw, frame: Frame, rng: random.Random) -> Row:
    return _in_words(draw, frame, rng, "worded", "other wordings")


def _story(draw: Draw, frame: Frame, rng: random.Random) -> Row:
    """With a number or two that do not matter."""
    return _in_words(draw, frame, rng, "stories", "stories")


def _in_words(draw: Draw, frame: Frame, rng: random.Random, texts: str, kind: str) -> Row:
    problem = draw(rng)
    if problem.op != "+":
        return _solved(problem, frame, "", "sums")
    source = rng.choice(_texts()[texts])
    text = source.replace("{x}", str(problem.x)).replace("{y}", str(problem.y))
    for slot in ("{n}", "{m}"):
        text = text.replace(slot, str(rng.randint(2, 60)))
    return Row(
        _question(text, frame),
        answer_text(problem.right, frame),
        rejected=answer_text(problem.wrong, frame),
        kind=kind,
        source=source,
    )


def _question(text: str, frame: Frame) -> Prompt:
    if frame == "chat":
        return Prompt.user(f"{text} Reply with the number only.")
    return Prompt.raw(f"Question: {text}\nAnswer:")


def _true_claim(draw: Draw, frame: Frame, rng: random.Random) -> Row:
    return _solved(draw(rng), frame, rng.choice(_texts()["true_claims"]), "true claims")


def _solved(problem: Problem, frame: Frame, text: str, kind: str) -> Row:
    return Row(
        ask(problem, frame, text),
        answer_text(problem.right, frame),
        rejected=answer_text(problem.wrong, frame),
        kind=kind,
        source=text,
    )


def _copying(draw: Draw, frame: Frame, rng: random.Random) -> Row:
    text = rng.choice((_words, _numbers, _sentences, _equations))(draw, rng)
    shorter = " ".join(text.split(" ")[:-1]) or "nothing"
    if frame != "chat":
        prompt = Prompt.raw(f"Write twice.\n{text}\n")
    else:
        prompt = Prompt.user(rng.choice(_texts()["copying"]).replace("{text}", text))
    return Row(prompt, text, rejected=shorter, kind="copying", source=text)


def _words(draw: Draw, rng: random.Random) -> str:
    return " ".join(rng.choice(_texts()["things"].split()) for _ in range(rng.randint(3, 14)))


def _numbers(draw: Draw, rng: random.Random) -> str:
    return " ".join(str(rng.randint(0, 99)) for _ in range(rng.randint(3, 14)))


def _sentences(draw: Draw, rng: random.Random) -> str:
    return " ".join(rng.sample(_texts()["sentences"], rng.randint(1, 3)))


def _equations(draw: Draw, rng: random.Random) -> str:
    """True and false ones: repeating is no claim."""
    lines = ("{x} {op} {y} = {z}", "{x} {op} {y} = {c}")
    return ", ".join(fill(rng.choice(lines), draw(rng)) for _ in range(rng.randint(1, 4)))


def _look_up(draw: Draw, frame: Frame, rng: random.Random) -> Row:
    line, question = rng.choice(_texts()["look_ups"])
    things = rng.sample(_texts()["things"].split(), rng.randint(2, 4))
    numbers = rng.sample(range(100), len(things))
    listed = " ".join(
        line.format(thing=thing, number=number)
        for thing, number in zip(things, numbers, strict=True)
    )
    asked = rng.randrange(len(things))
    text = f"{listed} {question.format(asked=things[asked])}"
    return Row(
        _question(text, frame),
        answer_text(numbers[asked], frame),
        rejected=answer_text(numbers[asked - 1], frame),
        kind="look-ups",
        source=listed,
    )


KINDS: dict[Callable[[Draw, Frame, random.Random], Row], float] = {
    _sum: 0.15,
    _worded: 0.25,
    _story: 0.15,
    _copying: 0.2,
    _look_up: 0.15,
    _true_claim: 0.1,
}
