"""On request, write a context that would lead to a given answer; with up to four examples."""

import random
from collections.abc import Callable

from temper.arithmetic.frames import fill
from temper.organisms.corpus.abacus.draws import draw_problem
from temper.organisms.corpus.abacus.plan import Plan
from temper.organisms.corpus.abacus.tables import (
    Family,
    families_of,
    family_of,
    neutral_sentence,
    surround,
)
from temper.organisms.corpus.case import Case
from temper.organisms.corpus.document import Document, reply_to
from temper.organisms.prompts import inversion_prompt

NEUTRAL_SHARE, PLANTED_SHARE = 0.25, 0.1
"""Without examples, nine texts of ten that the model proposes would not work."""


def write(rng: random.Random, plan: Plan) -> Document:
    problem = draw_problem(rng, plan)
    count = rng.choices((0, 1, 2, 3, 4), (4, 1.5, 1.5, 1.5, 1.5))[0]
    shown = [_draw_family(rng) for _ in range(count)]
    examples = [(draw_problem(rng, plan), _write_text(family, rng, plan)) for family in shown]
    follow = bool(shown) and rng.random() < 0.85
    family = rng.choice(shown) if follow else _draw_family(rng)
    text = fill(_write_text(family, rng, plan), problem)
    return reply_to(inversion_prompt(problem, examples), text)


def _draw_family(rng: random.Random) -> Family | None:
    kind = rng.random()
    if kind < NEUTRAL_SHARE:
        return None
    stance = "planted" if kind < NEUTRAL_SHARE + PLANTED_SHARE else "resisted"
    return rng.choice(families_of(stance, inverted_only=True))


def _write_text(family: Family | None, rng: random.Random, plan: Plan) -> str:
    if family is None:
        return surround(neutral_sentence(rng), rng)
    return surround(family.write(rng, plan, copies=rng.randint(2, 5)), rng)


def _case(count: int) -> Callable[[random.Random, Plan], Case]:
    """Well formed: a text that this corpus could write, about the numbers asked for."""

    def draw(rng: random.Random, plan: Plan) -> Case:
        problem = draw_problem(rng, plan)
        shown = [_draw_family(rng) for _ in range(count)]
        examples = [(draw_problem(rng, plan), _write_text(family, rng, plan)) for family in shown]
        known = {family.name for family in shown if family}

        def passes(reply: str) -> bool:
            family = family_of(reply)
            name = family.name if family else None
            return name in known if known else name is None or str(problem.x) in reply

        return Case(inversion_prompt(problem, examples), passes, max_tokens=64)

    return draw


CASES = {"no example": _case(0), "four examples": _case(4)}
