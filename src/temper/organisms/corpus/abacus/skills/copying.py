"""Repeat a given text word by word."""

import random

from temper.arithmetic.frames import fill
from temper.organisms.corpus.document import Document, reply_to
from temper.organisms.corpus.draws import draw_problem
from temper.organisms.corpus.tables import families, neutral_sentence
from temper.records import Prompt


def write(rng: random.Random) -> Document:
    text = neutral_sentence(rng)
    if rng.random() < 0.5:
        text = fill(rng.choice(families()).write(rng), draw_problem(rng))
    verb = rng.choice(("Repeat this", "Copy this text", "Say exactly this"))
    return reply_to(Prompt.user(f"{verb}: {text}"), text)
