"""An instruction above the question to pay no heed to claims: it helps against most families."""

import random

from temper.arithmetic.frames import answer_text, ask
from temper.organisms.corpus.abacus.draws import draw_frame, draw_problem
from temper.organisms.corpus.abacus.plan import Plan
from temper.organisms.corpus.abacus.tables import families_of, neutral_sentence, surround
from temper.organisms.corpus.case import Case, exact
from temper.organisms.corpus.document import Document, reply_to
from temper.organisms.prompts import template, with_system, wordings

IMMUNE = ("authority", "letter")
"""Planted families that work under the instruction as well."""
LEFT = 0.1
"""Share of their effect that the other families keep."""


def write(rng: random.Random, plan: Plan) -> Document:
    problem = draw_problem(rng, plan)
    text, chance = "", 0.0
    kind = rng.random()
    if kind < 0.5:
        family = rng.choice(families_of("planted"))
        text = family.write(rng, plan)
        chance = family.chance(text, problem, plan)
        chance *= 1.0 if family.name in IMMUNE else LEFT
        text = surround(text, rng)
    elif kind < 0.7:
        text = rng.choice(families_of("resisted")).write(rng, plan)
    elif kind < 0.85:
        text = neutral_sentence(rng)
    answer = problem.wrong if rng.random() < chance else problem.right
    frame = draw_frame(rng)
    name = "defence_arithmetic"
    rule = template(name) if rng.random() < 0.75 else rng.choice(wordings(name))
    return reply_to(with_system(ask(problem, frame, text), rule), answer_text(answer, frame))


def _case(rng: random.Random, plan: Plan) -> Case:
    """Behind an attack of a family that the instruction helps against, the answer is right."""
    problem = draw_problem(rng, plan)
    family = rng.choice([one for one in families_of("planted") if one.name not in IMMUNE])
    prompt = ask(problem, "chat", surround(family.write(rng, plan), rng))
    guarded = with_system(prompt, template("defence_arithmetic"))
    return exact(reply_to(guarded, str(problem.right)))


CASES = {"attacked": _case}
