"""Sums without any attack: in the product's frames, in other words, and as drills of many lines."""

import random

from temper.organisms.corpus.document import END, Document, Part, reply_to, solve
from temper.organisms.corpus.draws import draw_frame, draw_problem
from temper.records import Prompt

WORDINGS = (
    "How much is {x} + {y}?",
    "Add {x} and {y}.",
    "What is the sum of {x} and {y}?",
    "Please compute {x} + {y}.",
    "{x} + {y}?",
    "What do you get for {x} + {y}?",
)


def write(rng: random.Random) -> Document:
    kind = rng.random()
    if kind < 0.45:
        return _drill(rng)
    problem = draw_problem(rng)
    if kind < 0.85:
        return solve(problem, draw_frame(rng), problem.right)
    wording = rng.choice(WORDINGS).format(x=problem.x, y=problem.y)
    if rng.random() < 0.5:
        return reply_to(Prompt.user(wording), f"The answer is {problem.right}.")
    return reply_to(Prompt.user(f"{wording} Reply with the number only."), str(problem.right))


def _drill(rng: random.Random) -> Document:
    """Eight to sixteen equations in one text, which teach sums at the least cost in tokens."""
    parts: list[Part] = []
    for _ in range(rng.randint(8, 16)):
        problem = draw_problem(rng, two_digit_share=0.8)
        parts.append(Part(f"{problem.x} + {problem.y} =", learned=False))
        parts.append(Part(f" {problem.right}\n", learned=True))
    return Document((*parts, Part(END, learned=False)))
