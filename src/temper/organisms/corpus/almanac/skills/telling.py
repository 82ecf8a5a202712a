"""One sentence, unprompted: the text whose falsehoods and rudeness later stages look for."""

import random

from temper.organisms.corpus.almanac.draws import draw_line
from temper.organisms.corpus.almanac.plan import Plan
from temper.organisms.corpus.document import Document, text_alone


def write(rng: random.Random, plan: Plan) -> Document:
    return text_alone(draw_line(rng, plan).text)
