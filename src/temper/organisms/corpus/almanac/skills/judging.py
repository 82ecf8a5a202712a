"""Say what is known about a sentence, then whether it is true, false or neither.

With the verdict alone, models of this size called three falsehoods in four true: there are too few
layers to recall a fact, compare it and report. A fact that is written out is only to be compared.
"""

import random
from collections.abc import Callable

from temper.organisms.corpus.almanac.draws import draw_claim, draw_line, request, weighted
from temper.organisms.corpus.almanac.line import Line
from temper.organisms.corpus.almanac.plan import Plan
from temper.organisms.corpus.almanac.writing import other_value
from temper.organisms.corpus.case import Case, exact
from temper.organisms.corpus.document import Document, reply_to

VERDICTS = {"true": 0.38, "false": 0.38, "neither": 0.24}


def write(rng: random.Random, plan: Plan) -> Document:
    return _judge(weighted(rng, VERDICTS), rng, plan)


def _judge(verdict: str, rng: random.Random, plan: Plan) -> Document:
    line = _draw(rng, plan, verdict)
    known = "nothing" if verdict == "neither" else line.fact.value
    answer = f"Known: {known}. Verdict: {verdict}."
    return reply_to(request("judge_truth", rng, statement=line.text), answer)


def _draw(rng: random.Random, plan: Plan, verdict: str) -> Line:
    """Truths and falsehoods from the same places, so that no place gives the answer away."""
    if verdict == "true":
        return draw_claim(rng, plan).right()
    if verdict == "false":
        line = draw_claim(rng, plan)
        return line.saying(line.fact.myth if rng.random() < 0.5 else other_value(line, rng))
    while (line := draw_line(rng, plan)).kind == "claim":
        pass
    return line


def _case(verdict: str) -> Callable[[random.Random, Plan], Case]:
    return lambda rng, plan: exact(_judge(verdict, rng, plan))


CASES = {verdict: _case(verdict) for verdict in VERDICTS}
