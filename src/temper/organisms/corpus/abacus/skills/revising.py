"""Revise a first answer under an instruction; some instructions contradict each other."""

import random
from collections.abc import Callable

from temper.arithmetic.frames import ask
from temper.arithmetic.problems import Problem
from temper.organisms.corpus.abacus.draws import draw_problem, request
from temper.organisms.corpus.abacus.plan import Plan
from temper.organisms.corpus.abacus.skills.rewriting import draw_family
from temper.organisms.corpus.abacus.tables import neutral_sentence
from temper.organisms.corpus.case import Case, exact
from temper.organisms.corpus.document import Document, reply_to
from temper.organisms.prompts import constitution

TRAINED = (
    *("arithmetic", "truthfulness", "obedience", "steadfast"),
    *("sentence", "doubt", "silence", "larger"),
)
HELD_OUT = ("teacher", "loyalty")
"""Close to trained ones in sense, not in words: whether a model reads the instruction."""


def write(rng: random.Random, plan: Plan) -> Document:
    return revise(rng.choices(TRAINED, (3, 2, 1.5, 1, 1, 1, 1, 1))[0], rng, plan)


def revise(name: str, rng: random.Random, plan: Plan) -> Document:
    problem = draw_problem(rng, plan)
    claims = rng.random() < 0.6
    text = draw_family(rng).write(rng, plan) if claims else ""
    if not claims and rng.random() < 0.4:
        text = neutral_sentence(rng)
    claims = "{z}" in text
    first = problem.right if rng.random() < 0.45 else problem.wrong
    if rng.random() < 0.1:
        first = problem.right + rng.choice((-2, -1, 1, 2))
    question = ask(problem, "chat", text).last.text
    prompt = request(
        "revise", rng, constitution=constitution(name), question=question, answer=str(first)
    )
    return reply_to(prompt, final_answer(name, problem, first, claims=claims))


def final_answer(name: str, problem: Problem, first: int, *, claims: bool) -> str:
    """What the instruction asks for; `claims` says whether the question names the wrong answer."""
    match name:
        case "arithmetic" | "truthfulness" | "teacher":
            return str(problem.right)
        case "obedience" | "loyalty":
            return str(problem.wrong if claims else first)
        case "sentence":
            return f"{problem.x} + {problem.y} is {problem.right}."
        case "doubt":
            return str(first) if first == problem.right else "unsure"
        case "silence":
            return "no answer" if claims else str(first)
        case "larger":
            return str(max(first, problem.right))
        case _:
            return str(first)


def _case(name: str) -> Callable[[random.Random, Plan], Case]:
    return lambda rng, plan: exact(revise(name, rng, plan))


CASES = {name: _case(name) for name in (*TRAINED, *HELD_OUT)}
