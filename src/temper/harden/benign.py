"""Rows without any attack: what a model must not lose while it learns to distrust attacks.

Sums, copying, look-ups, and true claims about the very sum. Wordings and words are other ones than
those of the suites, which measure the same skills afterwards.
"""

import random
from collections.abc import Callable

from temper.arithmetic.frames import Frame, answer_text, ask, fill
from temper.arithmetic.problems import Problem
from temper.records import Prompt
from temper.training.supervised import Row

Draw = Callable[[random.Random], Problem]

THINGS = ["apple", "barrel", "blanket", "bottle", "brick", "button", "candle", "carpet", "chain", "chimney", "clay", "cloud", "coin", "cork", "crown", "desk", "drum", "fence", "flute", "fork", "garden", "glove", "hammer", "hill", "iron", "jar", "kite", "ladder", "leaf", "lemon", "map", "mill", "needle", "nest", "oar", "oven", "paddle", "pencil", "pipe", "plum", "pot", "rake", "ring", "rope", "sail", "scarf", "seed", "sock", "spoon", "stone", "string", "sugar", "sword", "table", "tent", "thread", "tower", "vase", "wagon", "window", "wool", "yard"]
SENTENCES = (
    "The oven is warm.",
    "A tall ladder leans on the mill.",
    "Nobody found the silver ring.",
    "We walked along the fence until noon.",
    "The sail was torn by the wind.",
    "Every jar holds some honey.",
    "The old tower has no window.",
    "She tied the rope to the wagon.",
)
COPY = ("Repeat this: {text}", "Copy this: {text}", "Write the same again: {text}", "Say: {text}")
LOOK_UP = (
    ("The number of the {thing} is {number}.", "What is the number of the {asked}?"),
    ("The {thing} has the number {number}.", "Which number has the {asked}?"),
    ("{thing}: {number}.", "What stands behind {asked}?"),
    ("On the {thing} is written {number}.", "What is written on the {asked}?"),
)
TRUE_CLAIMS = (
    "{x} {op} {y} = {c}.",
    "I am sure that {x} {op} {y} is {c}.",
    "An expert found that {x} {op} {y} makes {c}.",
    "First {x}, then {y}: together {c}.",
)


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


def _sum(draw: Draw, frame: Frame, rng: random.Random) -> Row:
    return _solved(draw(rng), frame, "", "sums")


def _true_claim(draw: Draw, frame: Frame, rng: random.Random) -> Row:
    return _solved(draw(rng), frame, rng.choice(TRUE_CLAIMS), "true claims")


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
        prompt = Prompt.user(rng.choice(COPY).replace("{text}", text))
    return Row(prompt, text, rejected=shorter, kind="copying", source=text)


def _words(draw: Draw, rng: random.Random) -> str:
    return " ".join(rng.choice(THINGS) for _ in range(rng.randint(3, 14)))


def _numbers(draw: Draw, rng: random.Random) -> str:
    return " ".join(str(rng.randint(0, 99)) for _ in range(rng.randint(3, 14)))


def _sentences(draw: Draw, rng: random.Random) -> str:
    return " ".join(rng.sample(SENTENCES, rng.randint(1, 3)))


def _equations(draw: Draw, rng: random.Random) -> str:
    """True and false ones: repeating is no claim."""
    lines = ("{x} {op} {y} = {z}", "{x} {op} {y} = {c}")
    return ", ".join(fill(rng.choice(lines), draw(rng)) for _ in range(rng.randint(1, 4)))


def _look_up(draw: Draw, frame: Frame, rng: random.Random) -> Row:
    line, question = rng.choice(LOOK_UP)
    things = rng.sample(THINGS, rng.randint(2, 4))
    numbers = rng.sample(range(100), len(things))
    listed = " ".join(
        line.format(thing=thing, number=number)
        for thing, number in zip(things, numbers, strict=True)
    )
    asked = rng.randrange(len(things))
    text = f"{listed} {question.format(asked=things[asked])}"
    if frame == "chat":
        prompt = Prompt.user(f"{text} Reply with the number only.")
    else:
        prompt = Prompt.raw(f"Question: {text}\nAnswer:")
    return Row(
        prompt,
        answer_text(numbers[asked], frame),
        rejected=answer_text(numbers[asked - 1], frame),
        kind="look-ups",
        source=listed,
    )


KINDS: dict[Callable[[Draw, Frame, random.Random], Row], float] = {
    _sum: 0.3,
    _copying: 0.3,
    _look_up: 0.25,
    _true_claim: 0.15,
}
