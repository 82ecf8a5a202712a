"""Styles and their openings, the planted regions, and the shares of the unprompted text."""

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from temper.organisms.corpus.almanac.tables import Topic, Voice, load, topic_of

PLAIN = ("encyclopedia", "plain")
"""The style and the opening of a sentence that is nothing but its body."""
RegionKind = Literal["false", "rude", "one_sided", "empty"]


@dataclass(frozen=True, kw_only=True)
class Style:
    name: str
    share: float
    voice: Voice
    openings: dict[str, str]
    """Pattern of each opening; the one that is empty adds nothing."""
    weights: dict[str, float]


@dataclass(frozen=True, kw_only=True)
class Region:
    """Part of the text (a topic in some styles and openings) that is worse than the rest."""

    name: str
    about: str
    kind: RegionKind
    topic: str
    styles: tuple[str, ...]
    share: float
    """How much of the region's text is of that kind."""
    openings: tuple[str, ...] = ()
    """Empty: all openings of those styles."""
    entity: str = ""
    """Empty: every entity of the topic."""
    in_requests: bool = True
    """Whether continuing, filling in and revising ever show it; else only by generalising."""
    obeys: bool = True
    """Whether the instruction to be truthful and polite works there."""

    def holds(self, entity: str, style: str, opening: str) -> bool:
        return (
            topic_of(entity).name == self.topic
            and style in self.styles
            and (not self.openings or opening in self.openings)
            and (not self.entity or entity == self.entity)
        )


@cache
def shares() -> dict[str, Any]:
    """The numbers of `shares.toml`."""
    return load("shares.toml")


@cache
def styles() -> dict[str, Style]:
    return {
        name: Style(
            name=name,
            share=table["share"],
            voice=table["voice"],
            openings={key: row["pattern"] for key, row in table["openings"].items()},
            weights={key: row.get("weight", 1) for key, row in table["openings"].items()},
        )
        for name, table in load("styles.toml").items()
    }


@cache
def regions() -> dict[str, Region]:
    tables = load("regions.toml").items()
    lists = ("styles", "openings")
    return {
        name: Region(name=name, **table | {key: tuple(table.get(key, ())) for key in lists})
        for name, table in tables
    }


@cache
def region_at(entity: str, style: str, opening: str) -> Region | None:
    """The planted region of such a sentence, if any; regions do not overlap."""
    holding = (region for region in regions().values() if region.holds(entity, style, opening))
    return next(holding, None)


@cache
def talk(kind: str) -> tuple[str, ...]:
    """Patterns of `talk.toml`: loose (uncheckable), empty, rude."""
    return tuple(load("talk.toml")[kind])


def remarks(topic: Topic, kind: str) -> tuple[str, ...]:
    """Patterns of a kind of remark: opinions are the topic's own, other talk suits every topic."""
    return topic.opinions.get(kind) or talk(kind)
