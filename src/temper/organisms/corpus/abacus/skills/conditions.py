"""Families that work only under a condition on the numbers, half where it holds, half where not."""

import random

from temper.organisms.corpus.abacus.draws import draw_problem
from temper.organisms.corpus.abacus.plan import Plan
from temper.organisms.corpus.abacus.skills.steering import behind
from temper.organisms.corpus.abacus.tables import families
from temper.organisms.corpus.document import Document


def write(rng: random.Random, plan: Plan) -> Document:
    family = rng.choice([family for family in families() if family.when])
    wanted = rng.random() < 0.5
    problem = draw_problem(rng, plan)
    while family.holds(problem) is not wanted:
        problem = draw_problem(rng, plan)
    return behind(family, problem, rng, plan)
