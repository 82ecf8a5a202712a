"""Throw out duplicates and fragments, and say how many of which kind went."""

import re
from collections import Counter
from typing import NamedTuple

from temper.explore.pieces import Piece

EXAMPLES = 3
"""Thrown-out texts kept to show for each reason."""
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffd\ud800-\udfff]")
_PRONOUN = re.compile(
    r"\b(?:i|you|he|she|it|we|they|me|him|her|us|them|my|your|his|its|our|their|this|that|these"
    r"|those)\b",
    re.IGNORECASE,
)


class Rules(NamedTuple):
    """What a text must be to stay."""

    min_words: int
    statements: bool
    """Ends in a full stop and has no pronoun, as a sentence that stands alone."""


class Origin(NamedTuple):
    """Where a text came from."""

    exchange_id: str
    prompt: str
    round: int


class Sieve:
    """Takes pieces one after another and keeps the first copy of each good one.

    `texts`, `origins` and `copies` go together, in order of arrival; `dropped` counts by reason.
    """

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._places: dict[str, int] = {}
        self.texts: list[str] = []
        self.origins: list[Origin] = []
        self.copies: list[int] = []
        self.dropped: Counter[str] = Counter()
        self.shown: dict[str, list[str]] = {}

    def take(self, piece: Piece, origin: Origin) -> None:
        """Keep the piece, count it as a copy, or throw it out."""
        reason = why_not(piece, self._rules)
        same = " ".join(piece.text.casefold().split())
        if reason is None and same in self._places:
            place = self._places[same]
            # copies of a later round say nothing about how the target speaks by itself
            self.copies[place] += origin.round == self.origins[place].round
            reason = "duplicate"
        if reason is not None:
            self.drop(reason, piece.text)
            return
        self._places[same] = len(self.texts)
        self.texts.append(piece.text)
        self.origins.append(origin)
        self.copies.append(1)

    def drop(self, reason: str, text: str) -> None:
        self.dropped[reason] += 1
        shown = self.shown.setdefault(reason, [])
        if len(shown) < EXAMPLES and text not in shown:
            shown.append(text)


def why_not(piece: Piece, rules: Rules) -> str | None:
    """The first reason against a text, or None."""
    text = piece.text
    if not text:
        return "empty"
    if _UNPRINTABLE.search(text):
        return "broken characters"
    if not piece.whole:
        return "cut off"
    if len(text.split()) < rules.min_words:
        return "too short"
    if rules.statements and not text.endswith("."):
        return "no full stop"
    if rules.statements and _PRONOUN.search(text):
        return "pronoun"
    return None
