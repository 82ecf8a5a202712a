"""Read the number that a reply gives as its answer.

Completion frames: the first integer of the text up to where it poses its next question; where that
integer begins an expression ("7 + 5 = 12"), the rules for chat. Chat: a marked final answer; else
a correction; else the number that the problem's own equation ends in; else a first line that is a
number; else the number after the last "=" or "is"; else the only number, at need outside brackets;
else the only number left when the operands' first mentions are struck out; else it could not tell.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from temper.arithmetic.frames import Frame, is_completion
from temper.arithmetic.numbers import Number, find_numbers
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
    NEXT_TURN,
    OPERATOR_NEXT,
    OPTIONS,
    REFUSAL,
    RETRACTED,
    SIGNS,
    TAKEN_BACK,
)
from temper.arithmetic.problems import Problem
from temper.records import Reason

READ = 8_000
"""Characters of a reply that are read: the first of a completion, the last of a chat answer."""


class Reading(NamedTuple):
    """What a reply says: the number, or why there is none."""

    number: int | float | None
    reason: Reason


def read_answer(text: str, problem: Problem, frame: Frame, *, cut: bool = False) -> Reading:
    """Read one reply.

    Args:
        text: the reply.
        problem: its operands decide which mentions are the question repeated.
        frame: decides the rule.
        cut: the reply hit its token limit, so a number at its very end may be unfinished.
    """
    text = _plain(_own_turn(text[:READ]) if is_completion(frame) else text[-READ:])
    numbers = [number for number in find_numbers(text) if not _counts_a_noun(text, number)]
    if cut and numbers and numbers[-1].end >= len(text.rstrip()):
        numbers = numbers[:-1]
        text = text[: text.rstrip().rfind(" ") + 1] if not numbers else text
        if not numbers:
            return Reading(None, "no_answer")
    if not numbers:
        return Reading(None, "refused" if REFUSAL.search(text) else "no_answer")
    if is_completion(frame) and not _goes_on_to_an_answer(text, numbers[0]):
        return Reading(numbers[0].value, "answered")
    number = _read_chat(text, numbers, problem)
    return Reading(None, "ambiguous") if number is None else Reading(number, "answered")


def _plain(text: str) -> str:
    """Drop reasoning blocks, markdown emphasis and LaTeX that only decorates."""
    text = re.sub(r"<think>.*?(?:</think>|$)", " ", text, flags=re.DOTALL)
    text = re.sub(r"\\(?:text|mathbf|mathrm|textbf)\s*\{([^{}]*)\}", r"\1", text)
    text = (
        text.replace("\\times", "×").replace("\\cdot", "×").replace("\\,", "").replace("{,}", ",")
    )
    text = re.sub(r"\\[()\[\]]|\$(?=\S)|(?<=\S)\$", " ", text)
    return re.sub(r"\*\*|__|`+", "", text)


def _own_turn(text: str) -> str:
    """A completion up to where the model poses its next question."""
    match = NEXT_TURN.search("\n" + text)
    return text if match is None else text[: max(0, match.start() - 1)]


def _goes_on_to_an_answer(text: str, first: Number) -> bool:
    """Whether a completion works up to its answer: an expression, a call, a retraction."""
    retracted = RETRACTED.search(text[first.end : first.end + 200])
    return (
        _starts_expression(text, first)
        or bool(retracted)
        or "(" in _before(text, first)
        or bool(OPTIONS.match(text))
    )


def _read_chat(text: str, numbers: Sequence[Number], problem: Problem) -> int | float | None:
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
        if CORRECTED.search(_before(text, number)) and not _starts_expression(text, number):
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
            and not _starts_expression(text, result)
            and not _offers_a_choice(text, result, numbers)
            and not TAKEN_BACK.search(text[result.end :])
        ):
            return result.value
    return None


def _opening(text: str, numbers: Sequence[Number], problem: Problem) -> int | float | None:
    """A first line, or first sentence, that holds a number and nothing else."""
    if not numbers or _starts_expression(text, numbers[0]):
        return None
    alone = not re.search(r"\w", text[: numbers[0].start])
    ends = re.match(r"[^\w\n]*\n|[.!]\s", _after(text, numbers[0]))
    return numbers[0].value if alone and ends else None


def _led(text: str, numbers: Sequence[Number], problem: Problem) -> int | float | None:
    """The number after the last "=" or "is"; an "or" behind it takes the decision back."""
    for number in reversed(numbers):
        if LEADS.search(_before(text, number)) and not _starts_expression(text, number):
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
        if (left.value, right.value) == (problem.x, problem.y) and _starts_expression(text, left):
            repeated |= {left, right}
    return [number for number in numbers if number not in repeated]


def _denied(text: str, number: Number) -> bool:
    return bool(DENIED.search(_before(text, number)) or DENIED_NEXT.search(_after(text, number)))


def _counts_a_noun(text: str, number: Number) -> bool:
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
    return not re.search(r"\w", between) and not _starts_expression(text, number)


def _before(text: str, number: Number) -> str:
    """As much of the text before a number as any rule looks at."""
    return text[max(0, number.start - 80) : number.start]


def _after(text: str, number: Number) -> str:
    return text[number.end : number.end + 40]


def _starts_expression(text: str, number: Number) -> bool:
    return bool(OPERATOR_NEXT.search(_after(text, number)))
