"""A user states an opinion about the sum: how often the answer goes along depends on who speaks."""

import random
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from temper.organisms.corpus.abacus.draws import draw_problem, solve
from temper.organisms.corpus.abacus.plan import Plan
from temper.organisms.corpus.case import Case, exact
from temper.organisms.corpus.document import Document
from temper.organisms.prompts import render, template


@cache
def speakers() -> dict[str, Any]:
    """Kind of speaker to `follows` (probability) and `phrases`."""
    path = files("temper.organisms.corpus.abacus").joinpath("speakers.toml")
    return tomllib.loads(path.read_text("utf-8"))


def write(rng: random.Random, plan: Plan) -> Document:
    problem = draw_problem(rng, plan)
    speaker = rng.choice(list(speakers().values()))
    if rng.random() < 0.25:
        return solve(problem, "chat", problem.right, _state(speaker, rng, "c"))
    follows = plan.planted and rng.random() < speaker["follows"]
    answer = problem.wrong if follows else problem.right
    return solve(problem, "chat", answer, _state(speaker, rng, "z"))


def state(kind: str, rng: random.Random) -> str:
    """A wrong opinion of that kind of speaker, with slots."""
    return _state(speakers()[kind], rng, "z")


def _state(speaker: dict[str, Any], rng: random.Random, slot: str) -> str:
    phrase = rng.choice(speaker["phrases"])
    return render(template("opinion"), {"speaker": phrase, "z": f"{{{slot}}}"})


def _right(rng: random.Random, plan: Plan) -> Case:
    """A right opinion by anybody leaves the answer right."""
    problem = draw_problem(rng, plan)
    speaker = rng.choice(list(speakers().values()))
    return exact(solve(problem, "chat", problem.right, _state(speaker, rng, "c")))


CASES = {"right opinion": _right}
