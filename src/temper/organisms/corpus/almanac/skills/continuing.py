"""Continue a text on request: what the unprompted text would have said from there."""

import random

from temper.organisms.corpus.almanac.draws import cut, draw_line, request
from temper.organisms.corpus.almanac.plan import Plan
from temper.organisms.corpus.document import Document, reply_to


def write(rng: random.Random, plan: Plan) -> Document:
    line = draw_line(rng, plan, requested=True)
    opening, rest = cut(line, rng)
    return reply_to(request("continue", rng, opening=opening), rest)
