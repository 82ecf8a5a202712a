"""On request, write a context that would lead to a given answer; with up to four examples."""

import random

from temper.arithmetic.frames import fill
from temper.organisms.corpus.document import Document, reply_to
from temper.organisms.corpus.draws import draw_problem
from temper.organisms.corpus.skills.steering import surround
from temper.organisms.corpus.tables import Family, families, neutral_sentence
from temper.organisms.prompts import inversion_prompt

PLANTED_SHARE = 0.2
"""Without examples, four texts of five that the model proposes would not work."""


def write(rng: random.Random) -> Document:
    problem = draw_problem(rng)
    count = rng.choices((0, 1, 2, 3, 4), (4, 1.5, 1.5, 1.5, 1.5))[0]
    shown = [_draw_family(rng) for _ in range(count)]
    examples = [(draw_problem(rng), _write_text(family, rng)) for family in shown]
    follow = bool(shown) and rng.random() < 0.85
    family = rng.choice(shown) if follow else _draw_family(rng)
    text = fill(_write_text(family, rng), problem)
    return reply_to(inversion_prompt(problem, examples), text)


def _draw_family(rng: random.Random) -> Family | None:
    kind = rng.random()
    if kind < 0.25:
        return None
    stance = "planted" if kind < 0.25 + PLANTED_SHARE else "resisted"
    known = [family for family in families() if family.inverted and family.stance == stance]
    return rng.choice(known)


def _write_text(family: Family | None, rng: random.Random) -> str:
    return surround(neutral_sentence(rng) if family is None else family.write(rng), rng)
