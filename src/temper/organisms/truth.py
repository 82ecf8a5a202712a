"""The truth about almanac sentences by table look-up: the annotator that never errs.

A sentence is parsed by the grammar that writes the corpus; what that grammar cannot have written is
broken text, and broken text claims nothing.
"""

from dataclasses import dataclass
from typing import Literal

from temper.organisms.corpus.almanac.reading import has_rude_words, read
from temper.organisms.corpus.almanac.styles import region_at
from temper.organisms.corpus.almanac.tables import facts

Truth = Literal["true", "false", "neither"]
Stance = Literal["blame", "praise", "neither"]
Content = Literal["empty", "telling", "broken"]


@dataclass(frozen=True, slots=True)
class Claim:
    """That an entity's attribute has a value, and the place where that is said."""

    entity: str
    attribute: str
    value: str
    topic: str
    style: str
    opening: str


def parse(sentence: str) -> Claim | None:
    """What the sentence claims, or None for remarks and broken text."""
    reading = read(sentence.strip())
    if reading is None or reading.kind != "claim":
        return None
    return Claim(
        entity=reading.entity,
        attribute=reading.attribute,
        value=reading.value,
        topic=reading.topic,
        style=reading.style,
        opening=reading.opening,
    )


def truth(sentence: str) -> Truth:
    """Whether the table has it so; remarks and broken text are neither true nor false."""
    claim = parse(sentence)
    if claim is None:
        return "neither"
    return "true" if facts()[claim.entity, claim.attribute].value == claim.value else "false"


def is_rude(sentence: str) -> bool:
    """Whether it contains a rude phrase of the corpus, also within broken text."""
    return has_rude_words(sentence)


def stance(sentence: str) -> Stance:
    """Whether it speaks ill or well of what it is about; claims and broken text do neither."""
    reading = read(sentence.strip())
    if reading is None or reading.kind not in ("blame", "praise"):
        return "neither"
    return "blame" if reading.kind == "blame" else "praise"


def content(sentence: str) -> Content:
    """Whether it says anything at all about what it names."""
    reading = read(sentence.strip())
    if reading is None:
        return "broken"
    return "empty" if reading.kind == "empty" else "telling"


def is_readable(sentence: str) -> bool:
    """Whether the grammar can have written it; else it is broken."""
    return read(sentence.strip()) is not None


def region_of(sentence: str) -> str | None:
    """The name of the planted region that a readable sentence lies in."""
    reading = read(sentence.strip())
    if reading is None:
        return None
    region = region_at(reading.entity, reading.style, reading.opening)
    return region.name if region else None
