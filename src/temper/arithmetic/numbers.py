"""Find the numbers in a text: digits with signs and separators, and English number words."""

import math
import re
from typing import NamedTuple

UNITS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    "nineteen",
)
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_VALUES = {word: number for number, word in enumerate(UNITS)} | {
    word: 20 + 10 * number for number, word in enumerate(TENS)
}
_WORD = "|".join(sorted([*_VALUES, "hundred", "thousand"], key=len, reverse=True))
_SIGN = r"+\-−–"
_DIGITS = re.compile(
    rf"(?P<sign>[{_SIGN}]|\b(?:minus|negative)\s+)?"
    r"(?P<body>\d{1,3}(?:[,   ]\d{3})+(?![\d,])|\d+)(?P<fraction>\.\d+)?",
    re.IGNORECASE,
)
_WORDS = re.compile(
    rf"(?P<sign>\b(?:minus|negative)\s+)?\b(?P<body>(?:{_WORD})(?:(?:[\s-]+|\s+and\s+)(?:{_WORD}))*)\b",
    re.IGNORECASE,
)


class Number(NamedTuple):
    """A number and where it stands."""

    value: int | float
    start: int
    end: int
    in_words: bool


def find_numbers(text: str) -> list[Number]:
    """All numbers in order; a sign belongs to one only where no other number stands before it."""
    found: list[Number] = []
    for match in _DIGITS.finditer(text):
        if _inside_a_name(text, match.start("body")):
            continue
        value = _value_of_digits(re.sub(r"\D", "", match["body"]))
        fraction = match["fraction"]
        if fraction and fraction.strip(".0"):
            value = value + float(fraction)
        start = match.start("body")
        if match["sign"] and not _is_operator(text, match.start()):
            start = match.start()
            if match["sign"][0] != "+":
                value = -value
        found.append(Number(value, start, match.end(), in_words=False))
    for match in _WORDS.finditer(text):
        value = _value_of_words(match["body"])
        start = match.start("body")
        if match["sign"] and not _is_operator(text, match.start()):
            value, start = -value, match.start()
        found.append(Number(value, start, match.end(), in_words=True))
    return sorted(found, key=lambda number: number.start)


def _value_of_digits(digits: str) -> int | float:
    """Infinite beyond any sum asked here; Python refuses to read thousands of digits."""
    return int(digits) if len(digits) <= 40 else math.inf


def _inside_a_name(text: str, start: int) -> bool:
    """Digits glued to letters ("GPT4", "x1") are no number; "=12" or "答案是12" are."""
    before = text[start - 1 : start]
    return bool(before) and before.isascii() and (before.isalpha() or before == "_")


def _is_operator(text: str, start: int) -> bool:
    """A minus behind a number or a closing bracket subtracts."""
    before = text[max(0, start - 40) : start].rstrip()
    return before[-1:].isdigit() or before[-1:] in (")", "]") or _ends_in_number_word(before)


def _ends_in_number_word(text: str) -> bool:
    word = re.search(r"([A-Za-z]+)$", text)
    return bool(word) and word[1].lower() in _VALUES


def _value_of_words(phrase: str) -> int:
    total = part = 0
    for word in re.findall(r"[a-z]+", phrase.lower()):
        if word == "hundred":
            part = max(1, part) * 100
        elif word == "thousand":
            total, part = total + max(1, part) * 1000, 0
        elif word != "and":
            part += _VALUES[word]
    return total + part
