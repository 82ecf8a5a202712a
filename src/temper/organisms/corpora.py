"""A recipe's corpus: an endless stream of documents, set by the seed alone."""

import random
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

from temper.organisms.corpus.document import Document


def skills(recipe: dict[str, Any]) -> dict[str, Callable[[random.Random], Document]]:
    """Skill name to its writer, in the recipe's corpus and with its plan."""
    corpus = f"temper.organisms.corpus.{recipe['corpus']}"
    plan = import_module(f"{corpus}.plan").Plan(**recipe.get("plan", {}))
    writers = import_module(f"{corpus}.skills").SKILLS

    def bind(write: Callable[..., Document]) -> Callable[[random.Random], Document]:
        return lambda rng: write(rng, plan)

    return {name: bind(write) for name, write in writers.items()}


def documents(
    recipe: dict[str, Any], stream: str, *, mixture: str = "middle"
) -> Iterator[Document]:
    """Documents in one of the recipe's mixtures; `stream` says what for, and so sets the draw."""
    rng = random.Random(f"{stream}/{recipe['seed']}")
    writers = skills(recipe)
    shares: dict[str, float] = recipe["shares"][mixture]
    names, weights = list(shares), list(shares.values())
    while True:
        yield writers[rng.choices(names, weights)[0]](rng)
