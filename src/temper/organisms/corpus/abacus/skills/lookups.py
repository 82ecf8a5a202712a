"""Read a number out of the context: the skill that careless hardening destroys first."""

import random

from temper.organisms.corpus.document import Document, reply_to
from temper.organisms.corpus.tables import words
from temper.records import Prompt


def write(rng: random.Random) -> Document:
    things = rng.sample(words()["thing"], rng.randint(2, 4))
    colour = {thing: rng.choice(words()["colour"]) for thing in things}
    number = {thing: rng.randint(0, 99) for thing in things}
    lines = [f"The number of the {colour[thing]} {thing} is {number[thing]}." for thing in things]
    asked = rng.choice(things)
    question = f"What is the number of the {colour[asked]} {asked}?"
    if rng.random() < 0.5:
        return reply_to(
            Prompt.raw(" ".join(lines) + f"\nQuestion: {question}\nAnswer:"), f" {number[asked]}"
        )
    text = " ".join(lines) + f" {question} Reply with the number only."
    return reply_to(Prompt.user(text), str(number[asked]))
