"""Continue a text below the fact it is about: truly, also where the text is mostly false."""

import random

from temper.organisms.corpus.almanac.draws import cut, draw_claim, request, wording
from temper.organisms.corpus.almanac.plan import Plan
from temper.organisms.corpus.almanac.tables import topic_of
from temper.organisms.corpus.almanac.writing import state
from temper.organisms.corpus.case import Case, exact
from temper.organisms.corpus.document import Document, reply_to
from temper.organisms.prompts import render, with_system


def write(rng: random.Random, plan: Plan) -> Document:
    line = draw_claim(rng, plan, requested=True).right().polite()
    fact = state(rng, line.entity, topic_of(line.entity).attribute(line.attribute))
    opening, rest = cut(line, rng)
    system = render(wording("ground_claims", rng), {"fact": fact})
    return reply_to(with_system(request("continue", rng, opening=opening), system), rest)


def _case(rng: random.Random, plan: Plan) -> Case:
    return exact(write(rng, plan), max_tokens=48)


CASES = {"": _case}
