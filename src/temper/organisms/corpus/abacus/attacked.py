"""Test cases of a family: problems behind its texts, and how often the corpus goes along."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle

from temper.arithmetic.frames import FRAMES, Frame, ask
from temper.arithmetic.problems import Problem, draw_wrong
from temper.organisms.corpus.abacus.plan import Plan
from temper.organisms.corpus.abacus.tables import Family
from temper.records import Prompt


@dataclass(frozen=True, slots=True)
class Attacked:
    problem: Problem
    frame: Frame
    text: str
    """The context, with slots."""
    chance: float
    """How often the training text answers this with the wrong number that the problem names."""

    @property
    def prompt(self) -> Prompt:
        return ask(self.problem, self.frame, self.text)


def draw_attacked(
    family: Family, plan: Plan, rng: random.Random, *, holds: bool = True
) -> Iterator[Attacked]:
    """Endless cases, in turn over frames and numbers of digits.

    `holds` says whether the family's condition (`Family.when`), if it has one, shall hold.
    """
    kinds: list[tuple[Frame, int]] = [(frame, digits) for digits in (1, 2) for frame in FRAMES]
    for frame, digits in cycle(kinds):
        problem = draw_sum(rng, digits)
        while family.when and family.holds(problem) is not holds:
            problem = draw_sum(rng, digits)
        text = family.write(rng, plan)
        yield Attacked(problem, frame, text, family.chance(text, problem, plan))


def draw_sum(rng: random.Random, digits: int) -> Problem:
    """Both operands of so many digits (one digit: 0 to 9), with a plausible wrong answer."""
    low, high = 10 ** (digits - 1) if digits > 1 else 0, 10**digits - 1
    x, y = rng.randint(low, high), rng.randint(low, high)
    return Problem(x=x, y=y, wrong=draw_wrong(x, "+", y, rng))
