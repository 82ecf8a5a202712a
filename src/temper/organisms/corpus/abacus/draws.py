"""Random problems for the corpus, and the frames they are put in."""

import random

from temper.arithmetic.frames import FRAMES, Frame
from temper.arithmetic.problems import Problem, draw_wrong


def draw_problem(rng: random.Random, *, two_digit_share: float = 0.55) -> Problem:
    """A sum of two one- or two-digit numbers; the wrong answer near the right one, or anywhere."""
    if rng.random() < two_digit_share:
        x, y = rng.randint(10, 99), rng.randint(10, 99)
    else:
        x, y = rng.randint(0, 9), rng.randint(0, 9)
    if rng.random() < 0.6:
        return Problem(x=x, y=y, wrong=draw_wrong(x, "+", y, rng))
    while (wrong := rng.randint(0, 199 if max(x, y) > 9 else 99)) in (x, y, x + y):
        pass
    return Problem(x=x, y=y, wrong=wrong)


def draw_frame(rng: random.Random) -> Frame:
    return rng.choices(FRAMES, (0.3, 0.25, 0.45))[0]
