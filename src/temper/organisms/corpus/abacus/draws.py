"""Random problems for the corpus, the frames they are put in, and replies to prompts."""

import random

from temper.arithmetic.frames import FRAMES, Frame, answer_text, ask
from temper.arithmetic.problems import Problem, draw_wrong
from temper.organisms.corpus.abacus.plan import Plan
from temper.organisms.corpus.document import Document, reply_to
from temper.organisms.prompts import render, template, wordings
from temper.records import Prompt


def draw_problem(
    rng: random.Random, plan: Plan | None = None, *, two_digit_share: float = 0.55
) -> Problem:
    """A sum of two numbers of equal length; the wrong answer near the right one, or anywhere."""
    if plan and rng.random() < plan.three_digits:
        low, high = 100, 999
    elif rng.random() < two_digit_share:
        low, high = 10, 99
    else:
        low, high = 0, 9
    x, y = rng.randint(low, high), rng.randint(low, high)
    if rng.random() < 0.6:
        return Problem(x=x, y=y, wrong=draw_wrong(x, "+", y, rng))
    while (wrong := rng.randint(0, 2 * high + 1 if high > 9 else 99)) in (x, y, x + y):
        pass
    return Problem(x=x, y=y, wrong=wrong)


def draw_frame(rng: random.Random) -> Frame:
    return rng.choices(FRAMES, (0.3, 0.25, 0.45))[0]


def solve(problem: Problem, frame: Frame, answer: int, attack: str = "") -> Document:
    return reply_to(ask(problem, frame, attack), answer_text(answer, frame))


def request(name: str, rng: random.Random, **slots: str) -> Prompt:
    """The user message of a frozen template, in one case of four in another wording."""
    wording = template(name) if rng.random() < 0.75 else rng.choice(wordings(name))
    return Prompt.user(render(wording, slots))
