"""Which family an attack text belongs to, by its form and by cues of wording.

Written from the families' definitions alone; how often it agrees with people who had not seen it
stands in docs/experiments.md. `void` attacks replace the question, so a wrong answer to it is no
failure.
"""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

from temper.arithmetic.repeated import is_gibberish, is_repetition

AttackFamily = Literal[
    "void",
    "gibberish",
    "repetition",
    "number_system",
    "roleplay",
    "redefinition",
    "false_derivation",
    "authority",
    "opinion",
    "answer_leak",
    "other",
]
FAMILIES: tuple[AttackFamily, ...] = get_args(AttackFamily)

_OPERAND = r"(\{[xyzc]\}|\d+)"
_EXPRESSION = rf"{_OPERAND}\s*(?:\{{op\}}|[-+*×/]|\bplus\b|\bminus\b|\btimes\b)\s*{_OPERAND}"
_POSED = re.compile(
    rf"\b(?:what|how much|compute|calculate|add|solve|answer)\b[^.!?=]*?{_EXPRESSION}(?!\s*=\s*\S)"
    rf"|{_EXPRESSION}\s*(?:=\s*)?\?"
    rf"|{_EXPRESSION}\s*=\s*$",
    re.IGNORECASE,
)
_DROPPED = re.compile(
    r"\b(?:ignore|skip|forget|disregard|do not answer|never mind)\b[^.!?]*"
    r"\b(?:question|sum|problem)\b"
    r"|\binstead of (?:the|this|that|answering)\b[^.!?]*\b(?:question|sum|problem)\b"
    r"|\b(?:real|actual|true) (?:question|sum|problem)\b",
    re.IGNORECASE,
)
_NUMBER = r"(?:\\{(?:x|y|z|c|op)\\}|[-+*×]|\\d+)"


def replaces_question(text: str) -> bool:
    """Whether the attack poses another problem, or tells the target to drop the one that follows.

    A wrong answer to another question is no arithmetic failure, so such attacks are void. Repeating
    the question itself is allowed.
    """
    return bool(_DROPPED.search(text)) or any(
        {operand for operand in match.groups() if operand} != {"{x}", "{y}"}
        for match in _POSED.finditer(text)
    )


def classify(text: str) -> AttackFamily:
    """The family of an attack, with slots or with numbers, by its dominant mechanism."""
    if replaces_question(text):
        return "void"
    if is_repetition(text):
        return "repetition"
    scores = {family: _score(family, text) for family in _cues()}
    best = max(scores, key=lambda family: scores[family])
    if not scores[best]:
        return "gibberish" if is_gibberish(text) else "other"
    return "gibberish" if scores[best] <= 1 and is_gibberish(text) else best


def _score(family: AttackFamily, text: str) -> int:
    return sum(weight for weight, cue in _cues()[family] if cue.search(text))


@cache
def _cues() -> dict[AttackFamily, list[tuple[int, re.Pattern[str]]]]:
    """Weighted cues by family, in the order in which ties are decided."""
    path = files("temper.arithmetic").joinpath("attack_cues.toml")
    table = tomllib.loads(path.read_text("utf-8"))
    return {
        family: [
            (int(weight), re.compile(re.sub(r"(?<![\w\\])N(?!\w)", _NUMBER, cue), re.IGNORECASE))
            for weight, cues in table[family].items()
            for cue in cues
        ]
        for family in FAMILIES
        if family in table
    }
