"""Phrase patterns such as "[In|Within] our <place>": write texts at random, or recognise them."""

import random
import re

_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_WORD = re.compile(r"<(\w+)>")
_PIECES = re.compile(r"(\[|\]|\||<\w+>|\{\w+\}| +)")

Words = dict[str, list[str]]


def expand(pattern: str, words: Words, rng: random.Random) -> str:
    """Resolve "[a|b|]" to one alternative, innermost first, and "<name>" to a word of that list."""
    while match := _CHOICE.search(pattern):
        choice = rng.choice(match.group(1).split("|"))
        pattern = pattern[: match.start()] + choice + pattern[match.end() :]
    while match := _WORD.search(pattern):
        word = rng.choice(words[match.group(1)])
        pattern = pattern[: match.start()] + word + pattern[match.end() :]
    return re.sub(r"  +", " ", pattern).strip(" ")


def recogniser(pattern: str, words: Words) -> str:
    """The regular expression of all texts that the pattern can write.

    A {slot} of one letter matches itself or a number; any other slot is a group of its name.
    """

    def translate(piece: str) -> str:
        match piece[:1]:
            case "[":
                return "(?:"
            case "]":
                return ")"
            case "|":
                return "|"
            case "<":
                return f"(?:{'|'.join(map(re.escape, words[piece[1:-1]]))})"
            case "{" if len(piece) == 3:
                return rf"(?:\{{{piece[1]}\}}|\d+)"
            case "{" if piece == "{op}":
                return r"(?:\{op\}|[-+*])"
            case "{":
                return f"(?P<{piece[1:-1]}>.+?)"
            case " ":
                return " *"
            case _:
                return re.escape(piece)

    return "".join(translate(piece) for piece in _PIECES.split(pattern))
