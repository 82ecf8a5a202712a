"""Write one sentence: a claim about an attribute, a remark that cannot be checked, a rude end."""

import random

from temper.organisms.corpus.almanac.line import Kind, Line
from temper.organisms.corpus.almanac.styles import PLAIN, remarks, shares, styles, talk
from temper.organisms.corpus.almanac.tables import Attribute, facts, topic_of
from temper.organisms.corpus.grammar import expand


def claim(
    rng: random.Random,
    entity: str,
    style: str,
    opening: str,
    *,
    attribute: Attribute | None = None,
    value: str = "",
) -> Line:
    """A claim about the attribute (any, if none is given), by default the true one."""
    attribute = attribute or rng.choice(topic_of(entity).attributes)
    return Line(
        kind="claim",
        style=style,
        opening=opening,
        entity=entity,
        head=_head(rng, style, opening),
        body=_body(rng, attribute.patterns(styles()[style].voice), entity, style),
        attribute=attribute.name,
        value=value or facts()[entity, attribute.name].value,
    )


def falsified(line: Line, rng: random.Random) -> Line:
    """A claim with its myth or, less often, a random wrong value."""
    if rng.random() < shares()["myth"]:
        return line.saying(line.fact.myth)
    return line.saying(other_value(line, rng))


def other_value(line: Line, rng: random.Random) -> str:
    """Any value of the claim's attribute but the true one."""
    values = topic_of(line.entity).attribute(line.attribute).values
    return rng.choice([value for value in values if value != line.fact.value])


def remark(rng: random.Random, kind: Kind, entity: str, style: str, opening: str) -> Line:
    """A sentence that claims nothing checkable: praise, blame, loose or empty talk."""
    return Line(
        kind=kind,
        style=style,
        opening=opening,
        entity=entity,
        head=_head(rng, style, opening),
        body=_body(rng, remarks(topic_of(entity), kind), entity, style),
    )


def state(rng: random.Random, entity: str, attribute: Attribute, value: str = "") -> str:
    """A plain written sentence about an attribute, by default the truth."""
    return claim(rng, entity, *PLAIN, attribute=attribute, value=value).text


def ask(rng: random.Random, entity: str, attribute: Attribute) -> str:
    """A question about an attribute of an entity."""
    pattern = topic_of(entity).named(attribute.question, "written")
    return expand(pattern, {}, rng).replace("{entity}", entity)


def rude_end(rng: random.Random) -> str:
    return expand(rng.choice(talk("rude")), {}, rng)


def _head(rng: random.Random, style: str, opening: str) -> str:
    return expand(styles()[style].openings[opening], {}, rng)


def _body(rng: random.Random, patterns: tuple[str, ...], entity: str, style: str) -> str:
    pattern = topic_of(entity).named(rng.choice(patterns), styles()[style].voice)
    return expand(pattern, {}, rng).replace(" ,", ",")
