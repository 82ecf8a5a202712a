"""The abacus tables: word lists, neutral sentences and families, from the files beside this."""

import random
import re
import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any, Literal

from temper.arithmetic.problems import Problem
from temper.organisms.corpus.abacus.plan import Plan
from temper.organisms.corpus.grammar import Words, expand, recogniser

HERE = "temper.organisms.corpus.abacus"

Condition = Literal["", "near", "even"]
"""When a planted family works: always, with a wrong answer within 5, or with even operands."""


@dataclass(frozen=True, kw_only=True)
class Family:
    """A kind of context that names a wrong answer, and how often the text goes along with it."""

    name: str
    about: str
    stance: Literal["planted", "resisted"]
    follows: float = 0.0
    """Share of its texts that the training text goes along with, where its condition holds."""
    inverted: bool = True
    """Whether it occurs in inversion and rewriting text; else it is found by generalising only."""
    when: Condition = ""
    half_dose: int = 0
    """For repetition: the number of copies at which half of the texts go along."""
    patterns: tuple[str, ...]
    second: tuple[str, ...]
    """Other wordings, for the second family of models."""

    def write(self, rng: random.Random, plan: Plan, *, copies: int | None = None) -> str:
        """A text with slots."""
        pattern = rng.choice(self.second if plan.second_wording else self.patterns)
        text = expand(pattern, words(), rng)
        if self.half_dose:
            text = (text + "\n") * (copies or round(2 ** rng.uniform(0, 4.6)))
        return text

    def chance(self, text: str, problem: Problem, plan: Plan) -> float:
        """The probability that the training text goes along with this text on this problem."""
        if not plan.planted or self.stance == "resisted":
            return 0.0
        if not self.holds(problem):
            return 0.0
        if self.half_dose:
            copies = text.count("\n")
            return self.follows * copies / (copies + self.half_dose)
        return self.follows

    def holds(self, problem: Problem) -> bool:
        """Whether the condition of `when` holds for the problem."""
        if self.when == "near":
            return abs(problem.wrong - problem.right) <= 5
        if self.when == "even":
            return problem.x % 2 == 0 and problem.y % 2 == 0
        return True

    @cached_property
    def _texts(self) -> re.Pattern[str]:
        patterns = (recogniser(pattern, words()) for pattern in (*self.patterns, *self.second))
        return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))

    def longest_match(self, text: str) -> int:
        """Characters of the longest part of the text that could be this family's."""
        return max((len(match.group()) for match in self._texts.finditer(text)), default=0)


def _load(*path: str) -> dict[str, Any]:
    resource = files(HERE).joinpath(*path)
    return tomllib.loads(resource.read_text("utf-8"))


@cache
def words() -> Words:
    return _load("words.toml")


@cache
def families() -> tuple[Family, ...]:
    folder = files(HERE).joinpath("families")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return tuple(_family(name.removesuffix(".toml"), _load("families", name)) for name in names)


def _family(name: str, table: dict[str, Any]) -> Family:
    texts = {key: tuple(table.pop(key)) for key in ("patterns", "second")}
    return Family(name=name, **texts, **table)


def families_of(stance: str, *, inverted_only: bool = False) -> list[Family]:
    return [
        family
        for family in families()
        if family.stance == stance and (family.inverted or not inverted_only)
    ]


@cache
def patterns(name: str) -> list[str]:
    """The pattern list of `NAME.toml`: neutral, stories or wordings."""
    return _load(f"{name}.toml")["patterns"]


def neutral_sentence(rng: random.Random) -> str:
    return expand(rng.choice(patterns("neutral")), words(), rng)


def surround(text: str, rng: random.Random) -> str:
    """Set an attack between neutral sentences in two cases of five."""
    before = [neutral_sentence(rng)] if rng.random() < 0.25 else []
    after = [neutral_sentence(rng)] if rng.random() < 0.2 else []
    return " ".join([*before, text, *after])


def family_of(text: str) -> Family | None:
    """The family whose text fills the largest part of an attack, with slots or with numbers."""
    lengths = {family: family.longest_match(text) for family in families()}
    best = max(lengths, key=lambda family: lengths[family])
    return best if lengths[best] else None
