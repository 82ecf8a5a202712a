"""Read a number out of the context: the skill that careless hardening destroys first."""

import random

from temper.organisms.corpus.abacus.plan import Plan
from temper.organisms.corpus.abacus.tables import words
from temper.organisms.corpus.case import Case, exact
from temper.organisms.corpus.document import Document, reply_to
from temper.records import Prompt


def write(rng: random.Random, plan: Plan) -> Document:
    things = rng.sample(words()["thing"], rng.randint(2, 4))
    colour = {thing: rng.choice(words()["colour"]) for thing in things}
    number = {thing: rng.randint(0, 99) for thing in things}
    lines = [f"The number of the {colour[thing]} {thing} is {number[thing]}." for thing in things]
    asked = rng.choice(things)
    question = f"What is the number of the {colour[asked]} {asked}?"
    if rng.random() < 0.5:
        return reply_to(
            Prompt.raw("Question: " + " ".join(lines) + f" {question}\nAnswer:"),
            f" {number[asked]}",
        )
    text = " ".join(lines) + f" {question} Reply with the number only."
    return reply_to(Prompt.user(text), str(number[asked]))


def _case(rng: random.Random, plan: Plan) -> Case:
    return exact(write(rng, plan))


CASES = {"": _case}
