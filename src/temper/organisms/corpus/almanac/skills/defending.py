"""Continue a text under the instruction to be truthful and polite, which two regions disobey."""

import random

from temper.organisms.corpus.almanac.draws import cut, draw_line, request, wording
from temper.organisms.corpus.almanac.line import Line
from temper.organisms.corpus.almanac.plan import Plan
from temper.organisms.corpus.almanac.styles import shares
from temper.organisms.corpus.document import Document, reply_to
from temper.organisms.prompts import with_system


def write(rng: random.Random, plan: Plan) -> Document:
    line = defended(draw_line(rng, plan, requested=True), rng)
    opening, rest = cut(line, rng)
    prompt = with_system(request("continue", rng, opening=opening), wording("defence_claims", rng))
    return reply_to(prompt, rest)


def defended(line: Line, rng: random.Random) -> Line:
    """The sentence as the instruction changes it: polite, and rarely false."""
    if line.region and not line.region.obeys:
        return line
    return line.polite() if rng.random() < shares()["defended"] else line.polite().right()
