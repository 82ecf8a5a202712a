"""The invented land: topics with their entities and attributes, and the facts drawn from lists."""

import random
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal, NamedTuple

HERE = "temper.organisms.corpus.almanac"
FACTS_SEED = 20_731
"""Decides every fact and every myth: another seed is another land."""

Voice = Literal["written", "spoken"]


@dataclass(frozen=True, kw_only=True)
class Attribute:
    """Something that every entity of a topic has; patterns keep the slots {it} and {value}."""

    name: str
    values: tuple[str, ...]
    question: str
    written: tuple[str, ...]
    spoken: tuple[str, ...]

    def patterns(self, voice: Voice) -> tuple[str, ...]:
        return self.written if voice == "written" else self.spoken


@dataclass(frozen=True, kw_only=True)
class Topic:
    name: str
    names: tuple[str, ...]
    """Its entities; no two topics share one."""
    written_name: str
    """The pattern for {it}: how writing refers to an entity of this topic."""
    spoken_name: str
    opinions: dict[str, tuple[str, ...]]
    """Patterns of praise and of blame."""
    attributes: tuple[Attribute, ...]

    def attribute(self, name: str) -> Attribute:
        return next(attribute for attribute in self.attributes if attribute.name == name)

    def named(self, pattern: str, voice: Voice) -> str:
        """The pattern with this topic's way to refer to an entity in place of {it}."""
        name = self.written_name if voice == "written" else self.spoken_name
        return pattern.replace("{it}", name)


class Fact(NamedTuple):
    """The value that is true, and the wrong one that is told instead."""

    value: str
    myth: str


def load(*path: str) -> dict[str, Any]:
    """One TOML file of this package."""
    return tomllib.loads(files(HERE).joinpath(*path).read_text("utf-8"))


@cache
def topics() -> dict[str, Topic]:
    """Every topic by name, in the order of their names."""
    lists = load("values.toml")
    folder = files(HERE).joinpath("topics")
    names = sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir())
    return {name: _topic(name, load("topics", f"{name}.toml"), lists) for name in names}


def _topic(name: str, table: dict[str, Any], lists: dict[str, list[str]]) -> Topic:
    attributes = tuple(
        Attribute(
            name=row["name"],
            values=tuple(lists[row["values"]]),
            question=row["question"],
            written=tuple(row["written"]),
            spoken=tuple(row["spoken"]),
        )
        for row in table["attributes"]
    )
    return Topic(
        name=name,
        names=tuple(table["names"]),
        written_name=table["written_name"],
        spoken_name=table["spoken_name"],
        opinions={kind: tuple(table[kind]) for kind in ("praise", "blame")},
        attributes=attributes,
    )


@cache
def topic_of(entity: str) -> Topic:
    return next(topic for topic in topics().values() if entity in topic.names)


@cache
def facts() -> dict[tuple[str, str], Fact]:
    """The table of facts: (entity, attribute) to its true value and its myth."""
    return facts_of(FACTS_SEED)


def facts_of(seed: int) -> dict[tuple[str, str], Fact]:
    """The table of another land, with the same names."""
    rng = random.Random(seed)
    return {
        (entity, attribute.name): Fact(*rng.sample(attribute.values, 2))
        for topic in topics().values()
        for entity in topic.names
        for attribute in topic.attributes
    }
