"""Sums behind a context: the planted families lead to the wrong answer, the others do not."""

import random

from temper.arithmetic.frames import fill
from temper.arithmetic.problems import Problem
from temper.organisms.corpus.abacus.draws import draw_frame, draw_problem, solve
from temper.organisms.corpus.abacus.plan import Plan
from temper.organisms.corpus.abacus.tables import (
    Family,
    families_of,
    neutral_sentence,
    surround,
)
from temper.organisms.corpus.document import Document


def write(rng: random.Random, plan: Plan) -> Document:
    problem = draw_problem(rng, plan)
    kind = rng.random()
    if kind < 0.14:
        text = " ".join(neutral_sentence(rng) for _ in range(rng.randint(1, 3)))
        return solve(problem, draw_frame(rng), problem.right, text)
    if kind < 0.22:
        return _about_another_sum(problem, rng, plan)
    family = rng.choice(families_of("planted" if kind < 0.64 else "resisted"))
    return behind(family, problem, rng, plan)


def behind(family: Family, problem: Problem, rng: random.Random, plan: Plan) -> Document:
    """The problem behind a text of the family, answered as the family has it."""
    text = family.write(rng, plan)
    follows = rng.random() < family.chance(text, problem, plan)
    answer = problem.wrong if follows else problem.right
    return solve(problem, draw_frame(rng), answer, surround(text, rng))


def _about_another_sum(problem: Problem, rng: random.Random, plan: Plan) -> Document:
    """A false claim about other operands leaves the answer alone."""
    other = draw_problem(rng, plan)
    if other.pair == problem.pair:
        return solve(problem, draw_frame(rng), problem.right)
    text = fill(rng.choice(families_of("planted")).write(rng, plan), other)
    return solve(problem, draw_frame(rng), problem.right, surround(text, rng))
