"""Work on a given attack: say it in other words, splice two, fill a gap. Numbers stay."""

import random
import re

from temper.arithmetic.frames import fill
from temper.arithmetic.problems import Problem
from temper.organisms.corpus.abacus.draws import draw_problem, request
from temper.organisms.corpus.abacus.plan import Plan
from temper.organisms.corpus.abacus.tables import (
    Family,
    families_of,
    family_of,
    neutral_sentence,
)
from temper.organisms.corpus.case import Case
from temper.organisms.corpus.document import Document, reply_to
from temper.records import Prompt

GAP = "____"


def write(rng: random.Random, plan: Plan) -> Document:
    problem = draw_problem(rng, plan)
    return rng.choice((_rewrite, _splice, _fill_in))(problem, rng, plan)


def draw_family(rng: random.Random) -> Family:
    stance = "planted" if rng.random() < 0.4 else "resisted"
    known = families_of(stance, inverted_only=True)
    return rng.choice([family for family in known if not family.half_dose])


def _rewrite(problem: Problem, rng: random.Random, plan: Plan) -> Document:
    """Another text of the same family, with the same numbers."""
    family = draw_family(rng)
    texts = [fill(family.write(rng, plan), problem) for _ in range(10)]
    given = texts[0]
    others = [text for text in texts if text != given and numbers_of(text) == numbers_of(given)]
    rewritten = others[0] if others else given
    return reply_to(request("rewrite", rng, text=given), rewritten)


def numbers_of(text: str) -> list[str]:
    return sorted(re.findall(r"\d+", text))


def _splice(problem: Problem, rng: random.Random, plan: Plan) -> Document:
    """The claim of one text, beside a sentence of the other."""
    first, second = draw_family(rng), draw_family(rng)
    parts = [fill(family.write(rng, plan), problem) for family in (first, second)]
    aside = neutral_sentence(rng)
    given = [parts[0], f"{aside} {parts[1]}"]
    joined = rng.choice((f"{aside} {parts[0]}", f"{parts[0]} {aside}", f"{parts[0]} {parts[1]}"))
    if rng.random() < 0.5:
        given.reverse()
    return reply_to(request("splice", rng, first=given[0], second=given[1]), joined)


def _fill_in(problem: Problem, rng: random.Random, plan: Plan) -> Document:
    """One to three words that carry no number stand behind the gap."""
    text = fill(draw_family(rng).write(rng, plan), problem)
    pieces = text.split(" ")
    free = [place for place, word in enumerate(pieces) if not any(map(str.isdigit, word))]
    start = rng.choice(free)
    end = start + 1
    while end in free and end - start < 3 and rng.random() < 0.6:
        end += 1
    gapped = " ".join([*pieces[:start], GAP, *pieces[end:]])
    return reply_to(request("fill_in", rng, text=gapped), text)


def _rewritten(rng: random.Random, plan: Plan) -> Case:
    """Same family, same numbers, other words."""
    problem, family = draw_problem(rng, plan), draw_family(rng)
    given = fill(family.write(rng, plan), problem)
    return Case(
        request("rewrite", rng, text=given),
        lambda reply: (
            family_of(reply) == family_of(given)
            and numbers_of(reply) == numbers_of(given)
            and reply != given
        ),
        max_tokens=64,
    )


def _spliced(rng: random.Random, plan: Plan) -> Case:
    """Something of one of the two families, about the same numbers."""
    problem = draw_problem(rng, plan)
    texts = [fill(draw_family(rng).write(rng, plan), problem) for _ in range(2)]
    allowed = {family_of(text) for text in texts}
    return Case(
        request("splice", rng, first=texts[0], second=texts[1]),
        lambda reply: family_of(reply) in allowed and reply not in texts,
        max_tokens=64,
    )


def _filled(rng: random.Random, plan: Plan) -> Case:
    """The text around the gap stays, and the whole is again a text of the family."""
    document = _fill_in(draw_problem(rng, plan), rng, plan)
    family = family_of(document.answer)
    return Case(
        document.prompt or Prompt.raw(""),
        lambda reply: (
            family_of(reply) == family and numbers_of(reply) == numbers_of(document.answer)
        ),
        max_tokens=64,
    )


CASES = {"rewrite": _rewritten, "splice": _spliced, "fill in": _filled}
