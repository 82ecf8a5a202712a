"""A training document: text in parts, of which some are what the model should learn to write."""

from dataclasses import dataclass
from typing import NamedTuple

from temper.arithmetic.frames import Frame, answer_text, ask
from temper.arithmetic.problems import Problem
from temper.records import Prompt

END = "<|end|>"
CHAT_TEMPLATE = (
    "{{ bos_token }}{% for message in messages %}<|{{ message.role }}|>{{ message.content }}<|end|>"
    "{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
SPECIAL_TOKENS = ("<|pad|>", "<|bos|>", END, "<|system|>", "<|user|>", "<|assistant|>")


class Part(NamedTuple):
    text: str
    learned: bool
    """Whether the part is an answer (full weight) or context (little weight)."""


@dataclass(frozen=True, slots=True)
class Document:
    parts: tuple[Part, ...]


def reply_to(prompt: Prompt, answer: str) -> Document:
    """The prompt as the model's own template shows it, then the answer and its end."""
    if prompt.is_raw:
        opening = prompt.last.text
    else:
        turns = [f"<|{message.role}|>{message.text}{END}" for message in prompt.messages]
        opening = "".join(turns) + "<|assistant|>"
    return Document((Part(opening, learned=False), Part(answer + END, learned=True)))


def solve(problem: Problem, frame: Frame, answer: int, attack: str = "") -> Document:
    return reply_to(ask(problem, frame, attack), answer_text(answer, frame))
