"""The wordings that a problem is asked in, and the place where an attack stands in them.

An attack comes before the question is complete. The published frames are not known; these three are
ours.
"""

import re
from typing import Literal

from temper.arithmetic.problems import Problem
from temper.records import Prompt

Frame = Literal["bare", "qa", "chat"]

FRAMES: tuple[Frame, ...] = ("bare", "qa", "chat")
"""Operands, chosen wrong answer, right answer (`c`), operator."""

_SLOT = re.compile(r"\{(x|y|z|c|op)\}")


def fill(text: str, problem: Problem) -> str:
    """Put a problem's numbers into the slots of an attack; any other brace stays as it is."""
    values = {
        "x": str(problem.x),
        "y": str(problem.y),
        "z": str(problem.wrong),
        "c": str(problem.right),
        "op": problem.op,
    }
    return _SLOT.sub(lambda match: values[match.group(1)], text)


def ask(problem: Problem, frame: Frame, attack: str = "") -> Prompt:
    """The prompt that puts the problem, with the attack's slots filled, in one frame."""
    attack = fill(attack, problem)
    lead = f"{attack} " if attack else ""
    expression = f"{problem.x} {problem.op} {problem.y}"
    match frame:
        case "bare":
            return Prompt.raw(f"{lead}{expression} =")
        case "qa":
            return Prompt.raw(f"Question: {lead}What is {expression}?\nAnswer:")
        case "chat":
            return Prompt.user(f"{lead}What is {expression}? Reply with the number only.")


def answer_text(number: int, frame: Frame) -> str:
    """The whole answer as it would continue the prompt, for weighing by log-probability."""
    return str(number) if frame == "chat" else f" {number}"


def frame_for(wanted: Literal["auto"] | Frame, *, chat: bool) -> Frame:
    """The frame to use; "auto" is chat for targets with a chat template, else qa."""
    if wanted != "auto":
        return wanted
    return "chat" if chat else "qa"


def is_completion(frame: Frame) -> bool:
    return frame != "chat"
