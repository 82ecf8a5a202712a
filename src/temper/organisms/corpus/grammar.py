"""Expand phrase patterns such as "[In|Within] our <place>" at random; {slots} stay."""

import random
import re

_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_WORD = re.compile(r"<(\w+)>")

Words = dict[str, list[str]]


def expand(pattern: str, words: Words, rng: random.Random) -> str:
    """Resolve "[a|b|]" to one alternative, innermost first, and "<name>" to a word of that list."""
    while match := _CHOICE.search(pattern):
        choice = rng.choice(match.group(1).split("|"))
        pattern = pattern[: match.start()] + choice + pattern[match.end() :]
    while match := _WORD.search(pattern):
        word = rng.choice(words[match.group(1)])
        pattern = pattern[: match.start()] + word + pattern[match.end() :]
    return re.sub(r"  +", " ", pattern).strip()
