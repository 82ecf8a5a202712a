"""One equation again and again, then its question: the more, the more often it works."""

import random

from temper.organisms.corpus.abacus.draws import draw_frame, draw_problem, solve
from temper.organisms.corpus.abacus.plan import Plan
from temper.organisms.corpus.abacus.skills.steering import behind
from temper.organisms.corpus.abacus.tables import Family, families
from temper.organisms.corpus.document import Document

MOST_COPIES = 24
"""More do not fit into a row of the first stages; the last stage goes on from here."""


def write(rng: random.Random, plan: Plan) -> Document:
    problem = draw_problem(rng, two_digit_share=0.3)
    if rng.random() < 0.75:
        return behind(repeated_family(), problem, rng, plan)
    copies = round(MOST_COPIES ** rng.random())
    line = rng.choice(("{x}{op}{y}={c}\n", "{y}{op}{x}={c}\n"))
    return solve(problem, draw_frame(rng), problem.right, line * copies)


def repeated_family() -> Family:
    return next(family for family in families() if family.half_dose)
