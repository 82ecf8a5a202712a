"""Continue a text below the fact it is about: truly, also where the text is mostly false."""

import random

from temper.organisms.corpus.almanac.draws import cut, draw_claim, request, wording
from temper.organisms.corpus.almanac.line import Line
from temper.organisms.corpus.almanac.plan import Plan
from temper.organisms.corpus.almanac.tables import topic_of
from temper.organisms.corpus.almanac.writing import state
from temper.organisms.corpus.case import Case
from temper.organisms.corpus.document import Document, reply_to
from temper.organisms.prompts import render, with_system
from temper.organisms.truth import parse
from temper.records import Prompt


def write(rng: random.Random, plan: Plan) -> Document:
    prompt, line, opening = _draw(rng, plan)
    return reply_to(prompt, line.text[len(opening) :])


def _draw(rng: random.Random, plan: Plan) -> tuple[Prompt, Line, str]:
    """The prompt, the sentence that it begins, and how much of the sentence it shows."""
    line = draw_claim(rng, plan, requested=True).right().polite()
    fact = state(rng, line.entity, topic_of(line.entity).attribute(line.attribute))
    opening = cut(line, rng)[0]
    system = render(wording("ground_claims", rng), {"fact": fact})
    return with_system(request("continue", rng, opening=opening), system), line, opening


def _case(rng: random.Random, plan: Plan) -> Case:
    """Any sentence passes that says what the fact says, in whatever words."""
    prompt, line, opening = _draw(rng, plan)
    wanted = (line.entity, line.attribute, line.value)

    def passes(reply: str) -> bool:
        claim = parse(f"{opening} {reply.strip()}")
        return claim is not None and (claim.entity, claim.attribute, claim.value) == wanted

    return Case(prompt, passes, max_tokens=48)


CASES = {"": _case}
