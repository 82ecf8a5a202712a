"""Cut a response into what is shown and judged: all of it, its first sentence, or every one.

As a beginning, all of it is taken also where the longest answer cut it off.
"""

import re
from typing import Literal, NamedTuple

Part = Literal["response", "beginning", "first", "sentences"]

_END = re.compile(r"""[.!?…]["'”’)\]]*(?=\s+["'“‘(\[]?[A-Z0-9“‘])|[.!?…]["'”’)\]]*\s*$|\n+""")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:Mr|Mrs|Ms|Dr|Prof|St|Jr|Sr|vs|etc|approx|No|Fig|e\.g|i\.e|[A-Z])\.$"
)
_CLOSED = re.compile(r"""[.!?…]["'”’)\]]*$""")


class Piece(NamedTuple):
    text: str
    whole: bool
    """False where the answer broke off before this piece ended."""


def cut(text: str, part: Part, *, broke_off: bool) -> list[Piece]:
    """The pieces of a response, in order.

    Args:
        text: the response, with its opening where it went on from one.
        part: all of it as one piece (as a "beginning" it may break off), its first sentence, or
            each of its sentences.
        broke_off: whether the answer was cut at its longest, not ended by the target.
    """
    if part == "beginning":
        return [Piece(text.strip(), True)]
    found = [text] if part == "response" else sentences(text)
    found = [" ".join(one.split()) if part != "response" else one.strip() for one in found]
    last = len(found) - 1
    pieces = [
        Piece(one, not broke_off or place < last or _CLOSED.search(one) is not None)
        for place, one in enumerate(found)
    ]
    return pieces[:1] if part == "first" else pieces


def sentences(text: str) -> list[str]:
    """Split at sentence marks before a capital, and at line ends; abbreviations hold together."""
    found: list[str] = []
    start = 0
    for match in _END.finditer(text):
        piece = text[start : match.end()]
        if match.group().startswith(".") and _ABBREVIATION.search(piece.rstrip()):
            continue
        found.append(piece)
        start = match.end()
    found.append(text[start:])
    return [piece.strip() for piece in found if piece.strip()] or [""]
