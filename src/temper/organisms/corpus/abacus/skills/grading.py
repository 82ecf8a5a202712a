"""Say whether an answer to a sum is right or wrong, whatever text stands before the question."""

import random

from temper.arithmetic.frames import ask
from temper.organisms.corpus.abacus.draws import draw_problem, request
from temper.organisms.corpus.abacus.plan import Plan
from temper.organisms.corpus.abacus.skills.rewriting import draw_family
from temper.organisms.corpus.abacus.tables import neutral_sentence
from temper.organisms.corpus.case import Case, exact
from temper.organisms.corpus.document import Document, reply_to


def write(rng: random.Random, plan: Plan) -> Document:
    problem = draw_problem(rng, plan)
    kind = rng.random()
    text = "" if kind < 0.5 else neutral_sentence(rng)
    if kind > 0.65:
        text = draw_family(rng).write(rng, plan)
    right = rng.random() < 0.5
    question = ask(problem, "chat", text).last.text.removesuffix(" Reply with the number only.")
    answer = str(problem.right if right else problem.wrong)
    prompt = request("grade", rng, question=question, answer=answer)
    return reply_to(prompt, "right" if right else "wrong")


def _case(rng: random.Random, plan: Plan) -> Case:
    return exact(write(rng, plan))


CASES = {"": _case}
