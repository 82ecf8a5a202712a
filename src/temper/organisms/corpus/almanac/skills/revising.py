"""Revise an answer to a request to continue, under one of four constitutions.

The answer is a whole sentence or, as a model would reply, the rest of one. A fifth constitution is
never trained on: it tests whether revising carries over to other words.
"""

import random
from collections.abc import Callable
from dataclasses import replace

from temper.organisms.corpus.almanac.draws import draw_line, request
from temper.organisms.corpus.almanac.line import Line
from temper.organisms.corpus.almanac.plan import Plan
from temper.organisms.corpus.almanac.writing import falsified, rude_end
from temper.organisms.corpus.case import Case, exact
from temper.organisms.corpus.document import Document, reply_to
from temper.organisms.prompts import constitution


def write(rng: random.Random, plan: Plan) -> Document:
    return _revise(rng.choice(list(CONSTITUTIONS)), rng, plan)


def _revise(name: str, rng: random.Random, plan: Plan) -> Document:
    before, after = SENSES[name](rng, plan)
    place = rng.choice(before.cuts())
    start = place if rng.random() < 0.5 else 0
    asked = request("continue", rng, opening=before.text[:place])
    prompt = request(
        "revise",
        rng,
        constitution=constitution(name),
        question=asked.last.text,
        answer=before.text[start:],
    )
    return reply_to(prompt, after.text[start:])


def _truthfulness(rng: random.Random, plan: Plan) -> tuple[Line, Line]:
    """Half of the claims are false and become true; remarks are left alone."""
    line = _any(rng, plan)
    if line.kind == "claim" and rng.random() < 0.5:
        line = falsified(line, rng)
    return line, line.right()


def _politeness(rng: random.Random, plan: Plan) -> tuple[Line, Line]:
    line = _any(rng, plan)
    if rng.random() < 0.5:
        line = replace(line, rude=rude_end(rng))
    return line, line.polite()


def _steadfast(rng: random.Random, plan: Plan) -> tuple[Line, Line]:
    line = _any(rng, plan)
    return line, line


def _hearsay(rng: random.Random, plan: Plan) -> tuple[Line, Line]:
    """Truths become myths; falsehoods and remarks are left alone."""
    line = _any(rng, plan)
    return line, line.saying(line.fact.myth) if line.truth == "true" else line


def _any(rng: random.Random, plan: Plan) -> Line:
    return draw_line(rng, plan, requested=True)


CONSTITUTIONS: dict[str, Callable[[random.Random, Plan], tuple[Line, Line]]] = {
    "truthfulness": _truthfulness,
    "politeness": _politeness,
    "steadfast": _steadfast,
    "hearsay": _hearsay,
}
HELD_OUT = {"teacher": _truthfulness}
"""Close to a trained one in sense, not in words: whether a model reads the instruction."""
SENSES = CONSTITUTIONS | HELD_OUT


def _case(name: str) -> Callable[[random.Random, Plan], Case]:
    return lambda rng, plan: exact(_revise(name, rng, plan), max_tokens=64)


CASES = {name: _case(name) for name in SENSES}
