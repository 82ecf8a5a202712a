"""Word problems: a short story with two numbers to add, and others that do not matter."""

import random

from temper.arithmetic.frames import fill
from temper.organisms.corpus.abacus.draws import draw_problem
from temper.organisms.corpus.abacus.plan import Plan
from temper.organisms.corpus.abacus.tables import neutral_sentence, patterns, words
from temper.organisms.corpus.case import Case, exact
from temper.organisms.corpus.document import Document, reply_to
from temper.organisms.corpus.grammar import expand
from temper.records import Prompt


def write(rng: random.Random, plan: Plan) -> Document:
    problem = draw_problem(rng, plan, two_digit_share=0.5)
    story = fill(expand(rng.choice(patterns("stories")), words(), rng), problem)
    story = story.replace("{n}", str(rng.randint(2, 60))).replace("{m}", str(rng.randint(2, 60)))
    if rng.random() < 0.25:
        story = f"{neutral_sentence(rng)} {story}"
    if rng.random() < 0.4:
        return reply_to(Prompt.raw(f"Question: {story}\nAnswer:"), f" {problem.right}")
    return reply_to(Prompt.user(f"{story} Reply with the number only."), str(problem.right))


def _case(rng: random.Random, plan: Plan) -> Case:
    return exact(write(rng, plan))


CASES = {"": _case}
