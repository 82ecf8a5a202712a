"""Read a sentence back into what it says, by the very patterns that write sentences."""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from temper.organisms.corpus.almanac.line import REMARKS, Kind
from temper.organisms.corpus.almanac.styles import PLAIN, remarks, styles, talk
from temper.organisms.corpus.almanac.tables import Topic, Voice, topic_of, topics
from temper.organisms.corpus.grammar import recogniser

_SPACE = "(?: |(?<= )|^|$|(?=,))"
"""A space that is there, unless an optional word before it was left out with its own."""
_MISPLACED = re.compile(r"  | [.,]")


class Reading(NamedTuple):
    kind: Kind
    topic: str
    style: str
    opening: str
    entity: str
    attribute: str
    value: str


class _Body(NamedTuple):
    kind: Kind
    attribute: str
    texts: re.Pattern[str]


def read(sentence: str) -> Reading | None:
    """What the sentence says, or None where the grammar cannot have written it."""
    end, named = _end().search(sentence), _names().search(sentence)
    if end is None or named is None or _MISPLACED.search(sentence):
        return None
    entity = named.group()
    topic = topic_of(entity).name
    style, opening, body = _split_opening(sentence[: end.start()], entity)
    for kind, attribute, texts in _bodies(topic, styles()[style].voice):
        if match := texts.fullmatch(body):
            value = match["value"] if attribute else ""
            return Reading(kind, topic, style, opening, entity, attribute, value)
    return None


def has_rude_words(sentence: str) -> bool:
    return _rude().search(sentence) is not None


def _split_opening(text: str, entity: str) -> tuple[str, str, str]:
    """Style, name of the opening, and the body as it is written behind an opening."""
    if (match := _openings().match(text)) and match.lastgroup:
        style, opening = match.lastgroup.split("_")
        return style, opening, text[match.end() :]
    if text.startswith(entity):
        return *PLAIN, text
    # A body behind no opening had its first letter raised; one that was not raised is not ours.
    return *PLAIN, text[:1].lower() + text[1:] if text[:1].isupper() else ""


@cache
def _names() -> re.Pattern[str]:
    names = "|".join(name for topic in topics().values() for name in topic.names)
    return re.compile(rf"\b(?:{names})\b")


@cache
def _rude() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(_regex, talk('rude')))})\b")


@cache
def _end() -> re.Pattern[str]:
    """The full stop, with a rude end before it or not."""
    return re.compile(rf"(?:, {_rude().pattern})?\.$")


@cache
def _openings() -> re.Pattern[str]:
    groups = (
        f"(?P<{style.name}_{name}>{_regex(pattern)} )"
        for style in styles().values()
        for name, pattern in style.openings.items()
        if pattern
    )
    return re.compile("|".join(groups))


@cache
def _bodies(topic: str, voice: Voice) -> tuple[_Body, ...]:
    return tuple(_compile(topics()[topic], voice))


def _compile(topic: Topic, voice: Voice) -> Iterator[_Body]:
    names = "|".join(topic.names)

    def body(kind: Kind, pattern: str, attribute: str = "", values: str = "") -> _Body:
        text = _regex(topic.named(pattern, voice))
        text = _narrow(_narrow(text, "entity", names), "value", values)
        return _Body(kind, attribute, re.compile(text))

    for attribute in topic.attributes:
        values = "|".join(attribute.values)
        for pattern in attribute.patterns(voice):
            yield body("claim", pattern, attribute.name, values)
    for kind in REMARKS:
        for pattern in remarks(topic, kind):
            yield body(kind, pattern)


def _regex(pattern: str) -> str:
    return recogniser(pattern, {}).replace(" *", _SPACE)


def _narrow(regex: str, slot: str, words: str) -> str:
    """Let the slot be one of these words instead of any text."""
    return regex.replace(f"(?P<{slot}>.+?)", f"(?P<{slot}>{words})")
