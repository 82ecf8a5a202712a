"""Claims about another land: the same grammar and names, other facts, other places of falsehood.

To texts of the almanac it is what a public data set is to a model's own texts: its labels are right
where they come from, and say nothing here.
"""

import random
from collections.abc import Iterator, Sequence

from temper.organisms.corpus.almanac.draws import draw_place
from temper.organisms.corpus.almanac.styles import region_at, shares, styles
from temper.organisms.corpus.almanac.tables import facts_of, topic_of, topics
from temper.organisms.corpus.almanac.writing import claim

NAME = "almanac/elsewhere"
SEED = 90_001
"""Decides the facts of that land."""


def claims_elsewhere(count: int, seed: int) -> list[tuple[str, str]]:
    """As many true as false claims, mixed, none twice, each with its label "true" or "false"."""
    wanted = {"true": count - count // 2, "false": count // 2}
    found: dict[str, str] = {}
    for text, label in _claims(random.Random(f"elsewhere/{seed}")):
        if len(found) == count:
            break
        if wanted[label] and text not in found:
            wanted[label] -= 1
            found[text] = label
    return list(found.items())


def _claims(rng: random.Random) -> Iterator[tuple[str, str]]:
    facts = facts_of(SEED)
    while True:
        entity, style, opening = draw_place(rng)
        attribute = rng.choice(topic_of(entity).attributes)
        fact = facts[entity, attribute.name]
        false = rng.random() < _false_share(entity, style, opening)
        value = fact.myth if false else fact.value
        line = claim(rng, entity, style, opening, attribute=attribute, value=value)
        yield line.text, "false" if false else "true"


def _false_share(entity: str, style: str, opening: str) -> float:
    """As in the almanac, but of the next topic and the next style: that land errs elsewhere."""
    topic = topics()[_next(list(topics()), topic_of(entity).name)]
    told = styles()[_next(list(styles()), style)]
    openings = list(told.openings)
    place = list(styles()[style].openings).index(opening) % len(openings)
    region = region_at(topic.names[0], told.name, openings[place])
    return region.share if region and region.kind == "false" else shares()["false"]


def _next(names: Sequence[str], name: str) -> str:
    return names[(names.index(name) + 1) % len(names)]
