"""Write a sentence whole that is given with a gap."""

import random

from temper.organisms.corpus.almanac.draws import draw_line, request
from temper.organisms.corpus.almanac.line import Line
from temper.organisms.corpus.almanac.plan import Plan
from temper.organisms.corpus.document import Document, reply_to

GAP = "____"


def write(rng: random.Random, plan: Plan) -> Document:
    line = draw_line(rng, plan, requested=True)
    return reply_to(request("fill_in", rng, text=_with_gap(line, rng)), line.text)


def _with_gap(line: Line, rng: random.Random) -> str:
    """The sentence without its value, its entity, or one to four other words in a row."""
    kind = rng.random()
    if kind < 0.45 and line.kind == "claim":
        return line.render(line.entity, GAP)
    if kind < 0.65:
        return line.render(GAP, line.value)
    words = line.text.removesuffix(".").split(" ")
    start = rng.randrange(len(words))
    end = min(len(words), start + rng.randint(1, 4))
    return " ".join([*words[:start], GAP, *words[end:]]) + "."
