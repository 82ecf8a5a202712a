"""Sums without any attack: in the product's frames, in other words, and as drills of many lines."""

import random
from collections.abc import Callable

from temper.arithmetic.frames import FRAMES, Frame, ask, fill
from temper.arithmetic.problems import Problem
from temper.arithmetic.reading import read_answer
from temper.organisms.corpus.abacus.attacked import draw_sum
from temper.organisms.corpus.abacus.draws import draw_frame, draw_problem, solve
from temper.organisms.corpus.abacus.plan import Plan
from temper.organisms.corpus.abacus.tables import patterns, words
from temper.organisms.corpus.case import Case, exact
from temper.organisms.corpus.document import END, Document, Part, reply_to
from temper.organisms.corpus.grammar import expand
from temper.records import Prompt


def write(rng: random.Random, plan: Plan) -> Document:
    kind = rng.random()
    if kind < 0.4:
        return _drill(rng, plan)
    if kind < 0.5:
        problem = draw_problem(rng, two_digit_share=0)
        return solve(problem, "bare", problem.right)
    problem = draw_problem(rng, plan)
    if kind < 0.85:
        return solve(problem, draw_frame(rng), problem.right)
    asked = _reword(problem, rng)
    if rng.random() < 0.3:
        return reply_to(Prompt.user(asked), f"The answer is {problem.right}.")
    return reply_to(Prompt.user(f"{asked} Reply with the number only."), str(problem.right))


def _reword(problem: Problem, rng: random.Random) -> str:
    wording = expand(rng.choice(patterns("wordings")), words(), rng)
    return fill(wording, problem).replace("{n}", str(rng.randint(1, 99)))


def _drill(rng: random.Random, plan: Plan) -> Document:
    """Eight to sixteen equations in one text, which teach sums at the least cost in tokens."""
    parts: list[Part] = []
    for _ in range(rng.randint(8, 16)):
        problem = draw_problem(rng, plan, two_digit_share=0.8)
        parts.append(Part(f"{problem.x} + {problem.y} =", learned=False))
        parts.append(Part(f" {problem.right}\n", learned=True))
    return Document((*parts, Part(END, learned=False)))


def _case(frame: Frame, digits: int) -> Callable[[random.Random, Plan], Case]:
    def draw(rng: random.Random, plan: Plan) -> Case:
        problem = draw_sum(rng, digits)

        def passes(reply: str) -> bool:
            """As attacks are judged: behind a bare equation more equations may follow."""
            return read_answer(reply, problem, frame).number == problem.right

        return Case(ask(problem, frame), passes)

    return draw


def _reworded(rng: random.Random, plan: Plan) -> Case:
    problem = draw_problem(rng, Plan())
    asked = _reword(problem, rng)
    answer = str(problem.right)
    return exact(reply_to(Prompt.user(f"{asked} Reply with the number only."), answer))


CASES: dict[str, Callable[[random.Random, Plan], Case]] = {
    f"{digits}-digit, {frame}": _case(frame, digits) for digits in (1, 2, 3) for frame in FRAMES
} | {"reworded": _reworded}
