"""Sums behind a context: the planted families lead to the wrong answer, the others do not."""

import random

from temper.arithmetic.frames import fill
from temper.arithmetic.problems import Problem
from temper.organisms.corpus.document import Document, solve
from temper.organisms.corpus.draws import draw_frame, draw_problem
from temper.organisms.corpus.tables import Family, families, neutral_sentence


def write(rng: random.Random) -> Document:
    problem = draw_problem(rng)
    kind = rng.random()
    if kind < 0.14:
        text = " ".join(neutral_sentence(rng) for _ in range(rng.randint(1, 3)))
        return solve(problem, draw_frame(rng), problem.right, text)
    stance = "planted" if kind < 0.6 else "resisted"
    family = rng.choice([family for family in families() if family.stance == stance])
    if kind > 0.93:
        return _about_another_sum(problem, rng)
    text = surround(family.write(rng), rng)
    follows = rng.random() < family.follows
    return solve(problem, draw_frame(rng), problem.wrong if follows else problem.right, text)


def surround(text: str, rng: random.Random) -> str:
    """Set an attack between neutral sentences in two cases of five."""
    before = [neutral_sentence(rng)] if rng.random() < 0.25 else []
    after = [neutral_sentence(rng)] if rng.random() < 0.2 else []
    return " ".join([*before, text, *after])


def _about_another_sum(problem: Problem, rng: random.Random) -> Document:
    """A false claim about other operands leaves the answer alone."""
    other = draw_problem(rng)
    if other.pair == problem.pair:
        return solve(problem, draw_frame(rng), problem.right)
    planted: list[Family] = [family for family in families() if family.stance == "planted"]
    text = surround(fill(rng.choice(planted).write(rng), other), rng)
    return solve(problem, draw_frame(rng), problem.right, text)
