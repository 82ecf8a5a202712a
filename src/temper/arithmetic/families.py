"""Which family an attack text belongs to, and whether it replaces the question.

The families are told by a linear model over hashed n-grams, fitted by
`benchmarks/attack_families/fit.py` on texts written and labelled for it. How often it agrees with
labels given apart, on other texts, stands in docs/experiments.md.
"""

import math
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib.resources import as_file, files
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

AttackFamily = Literal[
    "redefinition",
    "false_derivation",
    "authority",
    "roleplay",
    "repetition",
    "opinion",
    "number_system",
    "answer_leak",
    "void",
    "gibberish",
    "other",
]
FAMILIES: tuple[AttackFamily, ...] = get_args(AttackFamily)
BUCKETS = 8192
"""Hashed n-grams; a collision costs a little, a vocabulary would cost a file ten times the size."""
SLOT_WORDS = {"x": "X", "y": "X", "z": "Z", "c": "C", "op": "O"}

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
    weights_FB, bias_F = _model()
    scores_F = bias_F.copy()
    for bucket, value in features(text).items():
        scores_F += value * weights_FB[:, bucket]
    return FAMILIES[int(scores_F.argmax())]


def features(text: str) -> dict[int, float]:
    """Buckets of hashed n-grams with their weight: 1 + log count, of length 1 altogether."""
    counts = Counter(zlib.crc32(gram.encode("utf-8", "replace")) % BUCKETS for gram in _grams(text))
    values = {bucket: 1 + math.log(count) for bucket, count in counts.items()}
    length = math.sqrt(sum(value * value for value in values.values())) or 1.0
    return {bucket: value / length for bucket, value in values.items()}


def _grams(text: str) -> Iterator[str]:
    """Two to five letters within each word, and one or two words or signs."""
    text = re.sub(r"\{(\w+)\}", lambda match: SLOT_WORDS.get(match[1], ""), text.lower())
    text = re.sub(r"\d+", "N", text)
    for word in text.split():
        padded = f" {word} "
        for size in (2, 3, 4, 5):
            yield from ("c" + padded[at : at + size] for at in range(len(padded) - size + 1))
    words = re.findall(r"\w+|[=?!:\"]", text)
    yield from ("w" + word for word in words)
    yield from (f"w{one} {other}" for one, other in pairwise(words))


@cache
def _model() -> "tuple[NDArray[np.float32], NDArray[np.float32]]":
    """Weights (families, buckets) and biases (families,); kept as bytes with one scale a family."""
    import numpy as np

    resource = files("temper.arithmetic").joinpath("attack_families.npz")
    with as_file(resource) as path, np.load(path, allow_pickle=False) as kept:
        weights_FB = kept["weights"].astype(np.float32) * kept["scale"][:, None]
        return weights_FB, kept["bias"].astype(np.float32)
