"""A calculator's line above the question, which is right: the answer follows it."""

import random

from temper.arithmetic.frames import answer_text, ask, fill
from temper.organisms.corpus.abacus.draws import draw_frame, draw_problem
from temper.organisms.corpus.abacus.plan import Plan
from temper.organisms.corpus.abacus.tables import families_of, neutral_sentence, surround
from temper.organisms.corpus.case import Case, exact
from temper.organisms.corpus.document import Document, reply_to
from temper.organisms.prompts import template, with_system, wordings


def write(rng: random.Random, plan: Plan) -> Document:
    problem = draw_problem(rng, plan)
    kind = rng.random()
    text = "" if kind < 0.25 else neutral_sentence(rng)
    if kind > 0.4:
        family = rng.choice(families_of("planted" if kind < 0.8 else "resisted"))
        text = surround(family.write(rng, plan), rng)
    frame = draw_frame(rng)
    name = "ground_arithmetic"
    line = template(name) if rng.random() < 0.75 else rng.choice(wordings(name))
    prompt = with_system(ask(problem, frame, text), fill(line, problem))
    return reply_to(prompt, answer_text(problem.right, frame))


def _case(rng: random.Random, plan: Plan) -> Case:
    return exact(write(rng, plan))


CASES = {"": _case}
