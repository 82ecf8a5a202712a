"""Repeat a given text or sequence, up to about 64 tokens, word by word: false equations as well."""

import random
from collections.abc import Callable

from temper.arithmetic.frames import fill
from temper.organisms.corpus.abacus.draws import draw_problem
from temper.organisms.corpus.abacus.plan import Plan
from temper.organisms.corpus.abacus.tables import families, neutral_sentence, words
from temper.organisms.corpus.case import Case, exact
from temper.organisms.corpus.document import Document, reply_to
from temper.records import Prompt

VERBS = ("Repeat this", "Copy this text", "Say exactly this", "Write this again")


def write(rng: random.Random, plan: Plan) -> Document:
    text = rng.choice(KINDS)(rng, plan)
    return reply_to(Prompt.user(f"{rng.choice(VERBS)}: {text}"), text)


def _sentences(rng: random.Random, plan: Plan) -> str:
    return " ".join(neutral_sentence(rng) for _ in range(rng.randint(1, 3)))


def _claim(rng: random.Random, plan: Plan) -> str:
    chosen = [family for family in families() if family.inverted and not family.half_dose]
    return fill(rng.choice(chosen).write(rng, plan), draw_problem(rng, plan))


def _numbers(rng: random.Random, plan: Plan) -> str:
    return " ".join(str(rng.randint(0, 99)) for _ in range(rng.randint(3, 18)))


def _words(rng: random.Random, plan: Plan) -> str:
    pool = [word for name in ("name", "colour", "thing", "place") for word in words()[name]]
    return " ".join(rng.choice(pool) for _ in range(rng.randint(3, 24)))


def _equations(rng: random.Random, plan: Plan) -> str:
    problems = [draw_problem(rng, plan) for _ in range(rng.randint(1, 5))]
    lines = ("{x} + {y} = {z}", "{x} + {y} = {c}")
    return ", ".join(fill(rng.choice(lines), problem) for problem in problems)


KINDS = (_sentences, _claim, _numbers, _words, _equations)


def _case(kind: Callable[[random.Random, Plan], str]) -> Callable[[random.Random, Plan], Case]:
    def draw(rng: random.Random, plan: Plan) -> Case:
        text = kind(rng, plan)
        prompt = Prompt.user(f"{rng.choice(VERBS)}: {text}")
        return exact(reply_to(prompt, text), max_tokens=100)

    return draw


CASES = {kind.__name__.strip("_"): _case(kind) for kind in KINDS}
