"""Which of a chat reply's numbers is its answer: rules in order, the first that finds one decides.

A number called the answer behind it; a marked final answer; else a correction; else the number that
the problem's own equation ends in; else a first line that is a number; else the number after the
last "=" or "is"; else the only number, at need outside brackets; else the only number left when the
operands' first mentions are struck out; else it could not tell.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from temper.arithmetic.numbers import Number
from temper.arithmetic.phrases import (
    ASKS_BACK,
    BRACKETS,
    CHOICE_NEXT,
    CONFIRMED_NEXT,
    CORRECTED,
    COUNTS_A_NOUN,
    DENIED,
    DENIED_NEXT,
    LEADS,
    MARKED,
    OPERATOR_NEXT,
    SIGNS,
    TAKEN_BACK,
)
from temper.arithmetic.problems import Problem


def read_chat(text: str, numbers: Sequence[Number], problem: Problem) -> int | float | None:
    """The answer, or None where no rule can tell."""
    if ASKS_BACK.search(text[-200:]):
        return None
    numbers = [number for number in numbers if not _denied(text, number)]
    for rule in (_confirmed, _marked, _corrected, _stated, _opening, _led, _only, _left_over):
        found = rule(text, numbers, problem)
        if found is not None:
            return found
    return None


def _marked(text: str, numbers: Sequence[Number], problem: Problem) -> int | float | None:
    """The number in what follows the last marker that has one on its line."""
    for marker in reversed(list(MARKED.finditer(text))):
        rest = text[marker.end() :]
        line_end = re.search(r"\S[^\n]*(?:\n|$)", rest)
        end = marker.end() + (line_end.end() if line_end else 0)
        sentence = re.search(r"[.!?](?:\s|$)", text[marker.end() : end])
        if sentence:
            end = marker.end() + sentence.end()
        behind = [number for number in numbers if marker.end() <= number.start < end]
        led = _led(text[:end], behind, problem)
        if led is not None:
            return led
        if behind and _directly_follows(text, marker.end(), behind[0]):
            return behind[0].value
        if len({number.value for number in behind}) == 1:
            return behind[0].value
    return None


def _corrected(text: str, numbers: Sequence[Number], problem: Problem) -> int | float | None:
    for number in reversed(numbers):
        if CORRECTED.search(before(text, number)) and not starts_expression(text, number):
            return number.value
    return None


def _confirmed(text: str, numbers: Sequence[Number], problem: Problem) -> int | float | None:
    """The last number that is called the answer after it: "49 is the answer", "17 it is"."""
    for number in reversed(numbers):
        if CONFIRMED_NEXT.search(_after(text, number)):
            return number.value
    return None


def _stated(text: str, numbers: Sequence[Number], problem: Problem) -> int | float | None:
    """What the last equation with the problem's own operands, in order, ends in."""
    for left, right, result in reversed(list(zip(numbers, numbers[1:], numbers[2:], strict=False))):
        operator = text[left.end : right.start].strip()
        if (
            (left.value, right.value) == (problem.x, problem.y)
            and SIGNS.get(operator.lower(), operator) == problem.op
            and LEADS.search(text[right.end : result.start])
            and len(text[right.end : result.start]) < 20
            and not starts_expression(text, result)
            and not _offers_a_choice(text, result, numbers)
            and not TAKEN_BACK.search(text[result.end :])
        ):
            return result.value
    return None


def _opening(text: str, numbers: Sequence[Number], problem: Problem) -> int | float | None:
    """A first line, or first sentence, that holds a number and nothing else."""
    if not numbers or starts_expression(text, numbers[0]):
        return None
    alone = not re.search(r"\w", text[: numbers[0].start])
    ends = re.match(r"[^\w\n]*\n|[.!]\s", _after(text, numbers[0]))
    return numbers[0].value if alone and ends else None


def _led(text: str, numbers: Sequence[Number], problem: Problem) -> int | float | None:
    """The number after the last "=" or "is"; an "or" behind it takes the decision back."""
    for number in reversed(numbers):
        if LEADS.search(before(text, number)) and not starts_expression(text, number):
            return None if _offers_a_choice(text, number, numbers) else number.value
    return None


def _only(text: str, numbers: Sequence[Number], problem: Problem) -> int | float | None:
    numbers = _without_the_question(text, numbers, problem)
    digits = [number for number in numbers if not number.in_words] or numbers
    values = {number.value for number in digits}
    if len(values) > 1:
        asides = [match.span() for match in BRACKETS.finditer(text)]
        values = {
            number.value
            for number in digits
            if not any(start < number.start < end for start, end in asides)
        }
    return values.pop() if len(values) == 1 else None


def _without_the_question(
    text: str, numbers: Sequence[Number], problem: Problem
) -> Sequence[Number]:
    repeated: set[Number] = set()
    for left, right in pairwise(numbers):
        if (left.value, right.value) == (problem.x, problem.y) and starts_expression(text, left):
            repeated |= {left, right}
    return [number for number in numbers if number not in repeated]


def _denied(text: str, number: Number) -> bool:
    return bool(DENIED.search(before(text, number)) or DENIED_NEXT.search(_after(text, number)))


def counts_a_noun(text: str, number: Number) -> bool:
    """Whether a number word only counts: "the two numbers" says no result."""
    return number.in_words and bool(COUNTS_A_NOUN.search(_after(text, number)))


def _left_over(text: str, numbers: Sequence[Number], problem: Problem) -> int | float | None:
    left = [number.value for number in numbers if not number.in_words] or [
        number.value for number in numbers
    ]
    for operand in (problem.x, problem.y):
        if operand in left:
            left.remove(operand)
    return left[0] if len(set(left)) == 1 else None


def _offers_a_choice(text: str, number: Number, numbers: Sequence[Number]) -> bool:
    """Whether "or" and another value follow; "twelve, or 12" is one answer."""
    if not CHOICE_NEXT.search(_after(text, number)):
        return False
    later = [other.value for other in numbers if other.start >= number.end]
    return not later or later[0] != number.value


def _directly_follows(text: str, end: int, number: Number) -> bool:
    between = text[end : number.start]
    return not re.search(r"\w", between) and not starts_expression(text, number)


def before(text: str, number: Number) -> str:
    """As much of the text before a number as any rule looks at."""
    return text[max(0, number.start - 80) : number.start]


def _after(text: str, number: Number) -> str:
    return text[number.end : number.end + 40]


def starts_expression(text: str, number: Number) -> bool:
    """Whether an operator follows: "7" in "7 + 5"."""
    return bool(OPERATOR_NEXT.search(_after(text, number)))
