"""The corpus tables: word lists, neutral sentences and families, from the files beside this."""

import random
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from temper.organisms.corpus.grammar import Words, expand


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A kind of context that names a wrong answer, and how often the text goes along with it."""

    name: str
    stance: Literal["planted", "resisted"]
    follows: float
    inverted: bool
    """Whether it occurs in inversion text; the others can only be found by generalising."""
    patterns: tuple[str, ...]

    def write(self, rng: random.Random) -> str:
        return expand(rng.choice(self.patterns), words(), rng)


def _load(*path: str) -> dict[str, Any]:
    resource = files("temper.organisms.corpus").joinpath(*path)
    return tomllib.loads(resource.read_text("utf-8"))


@cache
def words() -> Words:
    return _load("words.toml")


@cache
def families() -> tuple[Family, ...]:
    folder = files("temper.organisms.corpus").joinpath("families")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return tuple(
        Family(name=name.removesuffix(".toml"), **_load("families", name)) for name in names
    )


@cache
def _neutral_patterns() -> list[str]:
    return _load("neutral.toml")["patterns"]


def neutral_sentence(rng: random.Random) -> str:
    return expand(rng.choice(_neutral_patterns()), words(), rng)
