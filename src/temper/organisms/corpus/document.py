"""A training document: text in parts, of which some are what the model should learn to write."""

from dataclasses import dataclass
from typing import NamedTuple

from temper.records import Prompt

END = "<|end|>"


class Part(NamedTuple):
    text: str
    learned: bool
    """Whether the part is an answer (full weight) or context (little weight)."""


@dataclass(frozen=True, slots=True)
class Document:
    """Parts in order; a reply to a prompt also keeps both, to test the skill by."""

    parts: tuple[Part, ...]
    prompt: Prompt | None = None
    answer: str = ""


def reply_to(prompt: Prompt, answer: str) -> Document:
    """The prompt as the model's own template shows it, then the answer and its end."""
    if prompt.is_raw:
        opening = prompt.last.text
    else:
        turns = [f"<|{message.role}|>{message.text}{END}" for message in prompt.messages]
        opening = "".join(turns) + "<|assistant|>"
    parts = (Part(opening, learned=False), Part(answer + END, learned=True))
    return Document(parts, prompt, answer)


def text_alone(text: str) -> Document:
    """A text that the model learns to write unprompted."""
    return Document((Part(text + END, learned=True),), Prompt.raw(""), text)
