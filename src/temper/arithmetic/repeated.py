"""Forms of a text that need no reading: the same again and again, and no sense at all."""

import re
from collections import Counter

_SLOT = re.compile(r"\{\w+\}")
_CLAIM = re.compile(r"(?:=|\b(?:is|are|was|equals?|makes?|gives?|means?)\b)\s*\W*(?:\{z\}|\d)")
_FUNCTION_WORDS = frozenset(
    re.findall(
        r"\w+",
        "a about after all also am an and any are as at be because been but by can could did do"
        " does down even every for from had has have he her here him his how i if in into is it"
        " its just know like make me more most my no not now of on one only or other our out over"
        " please said say says she should so some than that the their them then there these they"
        " this those to too two under up us use very was we were what when where which who why"
        " will with would you your",
    )
)


def is_repetition(text: str) -> bool:
    """Whether some run of words, claim or equation fills most of the text several times over."""
    words = re.findall(r"\{\w+\}|\w+", text.lower())
    if len(words) < 4:
        return False
    if _repeated_clauses(text):
        return True
    for length in range(1, min(8, len(words)) + 1):
        grams = Counter(zip(*(words[start:] for start in range(length)), strict=False))
        (_, count), *_ = grams.most_common(1)
        if count >= 3 and count * length >= 0.6 * len(words):
            return True
    return False


def _repeated_clauses(text: str) -> bool:
    """Three or more clauses, of which at least three, and most, are the same."""
    clauses = [_normal(part) for part in re.split(r"[.!?;,\n|/]+|\band\b", text)]
    clauses = [clause for clause in clauses if clause]
    if len(clauses) < 3:
        return False
    most = Counter(clauses).most_common(1)[0][1]
    return most >= 3 and most >= 0.6 * len(clauses)


def _normal(text: str) -> str:
    return " ".join(re.findall(r"\{\w+\}|\w+|[=+*-]", text.lower()))


def is_gibberish(text: str) -> bool:
    """Whether the text has hardly any of the small words that every English sentence needs."""
    words = re.findall(r"[^\W\d_]+(?:'\w+)?", _SLOT.sub(" ", text).lower())
    if not words:
        return not re.search(r"[=:]", text)
    small = sum(word in _FUNCTION_WORDS for word in words)
    claims = re.search(
        r"(?:=|\b(?:is|are|was|equals?|makes?|gives?|means?)\b)\s*\W*(?:\{z\}|\d)", text
    )
    return small < 0.2 * len(words) and not (claims and len(words) < 6)
