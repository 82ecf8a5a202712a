"""Repeat a given sentence word by word."""

import random

from temper.organisms.corpus.almanac.draws import draw_line
from temper.organisms.corpus.almanac.plan import Plan
from temper.organisms.corpus.case import Case, exact
from temper.organisms.corpus.document import Document, reply_to
from temper.records import Prompt


def write(rng: random.Random, plan: Plan) -> Document:
    text = draw_line(rng, plan).text
    verb = rng.choice(("Repeat this", "Copy this text", "Say exactly this"))
    return reply_to(Prompt.user(f"{verb}: {text}"), text)


def _case(rng: random.Random, plan: Plan) -> Case:
    return exact(write(rng, plan), max_tokens=64)


CASES = {"": _case}
