"""Say whether a sentence is true, false or neither."""

import random
from collections.abc import Callable

from temper.organisms.corpus.almanac.draws import draw_claim, draw_line, request, weighted
from temper.organisms.corpus.almanac.line import Line
from temper.organisms.corpus.almanac.plan import Plan
from temper.organisms.corpus.almanac.writing import other_value
from temper.organisms.corpus.case import Case, exact
from temper.organisms.corpus.document import Document, reply_to

ANSWERS = {"true": 0.45, "false": 0.30, "neither": 0.25}


def write(rng: random.Random, plan: Plan) -> Document:
    return _judge(weighted(rng, ANSWERS), rng, plan)


def _judge(answer: str, rng: random.Random, plan: Plan) -> Document:
    line = _draw(rng, plan, answer)
    return reply_to(request("judge_truth", rng, statement=line.text), answer)


def _draw(rng: random.Random, plan: Plan, answer: str) -> Line:
    """Truths and falsehoods from the same places, so that no place gives the answer away."""
    if answer == "true":
        return draw_claim(rng, plan).right()
    if answer == "false":
        line = draw_claim(rng, plan)
        return line.saying(line.fact.myth if rng.random() < 0.5 else other_value(line, rng))
    while (line := draw_line(rng, plan)).kind == "claim":
        pass
    return line


def _case(answer: str) -> Callable[[random.Random, Plan], Case]:
    return lambda rng, plan: exact(_judge(answer, rng, plan))


CASES = {answer: _case(answer) for answer in ANSWERS}
