"""Read the number that a reply gives as its answer.

Completion frames: the first integer of the text up to where it poses its next question; where that
integer begins an expression ("7 + 5 = 12"), the rules for chat (`chat_rules`).
"""

import re
from typing import NamedTuple

from temper.arithmetic.chat_rules import before, counts_a_noun, read_chat, starts_expression
from temper.arithmetic.frames import Frame, is_completion
from temper.arithmetic.numbers import Number, find_numbers
from temper.arithmetic.phrases import NEXT_TURN, OPTIONS, REFUSAL, RETRACTED
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
    numbers = [number for number in find_numbers(text) if not counts_a_noun(text, number)]
    if cut and numbers and numbers[-1].end >= len(text.rstrip()):
        numbers = numbers[:-1]
        text = text[: text.rstrip().rfind(" ") + 1] if not numbers else text
        if not numbers:
            return Reading(None, "no_answer")
    if not numbers:
        return Reading(None, "refused" if REFUSAL.search(text) else "no_answer")
    if is_completion(frame) and not _goes_on_to_an_answer(text, numbers[0]):
        return Reading(numbers[0].value, "answered")
    number = read_chat(text, numbers, problem)
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
        starts_expression(text, first)
        or bool(retracted)
        or "(" in before(text, first)
        or bool(OPTIONS.match(text))
    )
