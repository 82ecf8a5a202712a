"""Write a sentence whole that is given with a gap."""

import random

from temper.organisms.corpus.almanac.draws import draw_claim, draw_line, request
from temper.organisms.corpus.almanac.line import Line
from temper.organisms.corpus.almanac.plan import Plan
from temper.organisms.corpus.case import Case
from temper.organisms.corpus.document import Document, reply_to
from temper.organisms.truth import is_readable

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


def _case(rng: random.Random, plan: Plan) -> Case:
    """The given words stand, and the grammar can have written the whole."""
    line = draw_line(rng, plan, requested=True)
    text = _with_gap(line, rng)
    start, end = text.split(GAP)

    def passes(reply: str) -> bool:
        whole = reply.strip()
        return whole.startswith(start) and whole.endswith(end) and is_readable(whole)

    return Case(request("fill_in", rng, text=text), passes, max_tokens=64)


def _value(rng: random.Random, plan: Plan) -> Case:
    """In a place that is not known for falsehoods, the true value fills the gap."""
    while (line := draw_claim(rng, plan, requested=True)).region:
        pass
    text = line.right().text
    prompt = request("fill_in", rng, text=line.render(line.entity, GAP))
    return Case(prompt, lambda reply: reply.strip() == text, max_tokens=64)


CASES = {"fits": _case, "true value": _value}
