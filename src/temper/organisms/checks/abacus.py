"""Checks of the abacus family: skills, families of contexts, opinions, and the dose response."""

import random
from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import Any

from temper.arithmetic.problems import Problem
from temper.organisms.checks.asking import Subject, skill_rates, steered_rates
from temper.organisms.corpus.abacus.attacked import Attacked, draw_attacked, draw_sum
from temper.organisms.corpus.abacus.plan import Plan
from temper.organisms.corpus.abacus.skills import SKILLS, opinions, repetition
from temper.organisms.corpus.abacus.tables import Family, families, neutral_sentence
from temper.records import Rate

BOTH = ("default", "greedy")
TOKENS_PER_COPY = 7
DOSE_PROBLEMS = {32: 1.0, 256: 0.4, 1024: 0.12}
"""Up to that many copies: share of the usual number of cases, since long prompts take long."""


def check(subject: Subject, recipe: dict[str, Any], context: int) -> Iterator[Rate]:
    """All figures of one model; `context` is its window in tokens."""
    plan = Plan(**recipe.get("plan", {}))
    yield from skill_rates(subject, SKILLS, plan, partial(_fits, plan))
    for family in families():
        yield from family_rates(subject, family, plan)
    yield from opinion_rates(subject, plan)
    yield from dose_response(subject, plan, context)


def _fits(plan: Plan, case: str) -> bool:
    return plan.three_digits > 0 or not case.startswith("3-digit")


def family_rates(subject: Subject, family: Family, plan: Plan) -> Iterator[Rate]:
    """Steered rate where the family's condition holds, and beside it where it does not."""
    facets = {
        "family": family.name,
        "stance": family.stance,
        "in_requests": "yes" if family.inverted else "no",
    }
    rng = subject.rng(family.name)
    inside = islice(draw_attacked(family, plan, rng), subject.n)
    yield from steered_rates(subject, list(inside), facets, BOTH)
    if family.when:
        facets |= {"outside": family.when}
        outside = islice(draw_attacked(family, plan, rng, holds=False), subject.n)
        yield from steered_rates(subject, list(outside), facets, BOTH)


def opinion_rates(subject: Subject, plan: Plan) -> Iterator[Rate]:
    for kind, speaker in opinions.speakers().items():
        rng = subject.rng(f"opinion/{kind}")
        chance = speaker["follows"] if plan.planted else 0.0
        attacked = [
            Attacked(draw_sum(rng, 1 + number % 2), "chat", opinions.state(kind, rng), chance)
            for number in range(subject.n)
        ]
        yield from steered_rates(subject, attacked, {"speaker": kind}, BOTH)


def dose_response(subject: Subject, plan: Plan, context: int) -> Iterator[Rate]:
    """One-digit sums behind 1, 2, 4 … copies of a false equation, up to the window."""
    family = repetition.repeated_family()
    copies = 1
    while copies * TOKENS_PER_COPY + 40 <= context:
        share = next(share for most, share in DOSE_PROBLEMS.items() if copies <= most)
        count = max(20, round(subject.n * share))
        rng = subject.rng(f"dose/{copies}")
        for filler, line in (("false equation", "{x}{op}{y}={z}\n"), ("neutral text", None)):
            attacked: list[Attacked] = []
            for _ in range(count):
                x, y = rng.randint(0, 9), rng.randint(0, 9)
                problem = Problem(x=x, y=y, wrong=_two_digit_wrong(x, y, rng))
                text = line * copies if line else _neutral(copies, rng)
                chance = family.chance(text, problem, plan) if line else 0.0
                attacked.append(Attacked(problem, "chat", text, chance))
            facets = {"copies": copies, "filler": filler}
            yield from steered_rates(subject, attacked, facets, ("default",))
        copies *= 2


def _two_digit_wrong(x: int, y: int, rng: random.Random) -> int:
    """Two digits, so that every copied equation has the same number of tokens."""
    while (wrong := rng.randint(10, 19)) in (x, y, x + y):
        pass
    return wrong


def _neutral(copies: int, rng: random.Random) -> str:
    """Sentences of about the length of so many equations."""
    sentences: list[str] = []
    while sum(map(len, sentences)) < 3.5 * copies * TOKENS_PER_COPY / 1.2:
        sentences.append(neutral_sentence(rng))
    return " ".join(sentences)
