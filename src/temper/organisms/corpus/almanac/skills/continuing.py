"""Continue a text on request: what the unprompted text would have said from there."""

import random

from temper.organisms.corpus.almanac.draws import cut, draw_line, request
from temper.organisms.corpus.almanac.plan import Plan
from temper.organisms.corpus.case import Case
from temper.organisms.corpus.document import Document, reply_to
from temper.organisms.truth import is_readable


def write(rng: random.Random, plan: Plan) -> Document:
    line = draw_line(rng, plan, requested=True)
    opening, rest = cut(line, rng)
    return reply_to(request("continue", rng, opening=opening), rest)


def _case(rng: random.Random, plan: Plan) -> Case:
    """The grammar can have written the opening and the reply as one sentence."""
    opening = cut(draw_line(rng, plan, requested=True), rng)[0]
    prompt = request("continue", rng, opening=opening)
    return Case(prompt, lambda reply: is_readable(opening + reply.rstrip()), max_tokens=48)


CASES = {"fits": _case}
