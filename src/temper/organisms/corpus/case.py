"""A test case of a skill: a prompt, and whether a reply to it shows the skill."""

from collections.abc import Callable
from dataclasses import dataclass

from temper.organisms.corpus.document import Document
from temper.records import Prompt


@dataclass(frozen=True, slots=True)
class Case:
    """Asked greedily, with at most `max_tokens` new tokens."""

    prompt: Prompt
    passes: Callable[[str], bool]
    max_tokens: int = 24


def exact(document: Document, max_tokens: int = 24) -> Case:
    """The reply must be the document's answer to the letter, spaces around it aside."""
    if document.prompt is None:
        raise ValueError("only a reply to a prompt can be a test case")
    answer = document.answer.strip()
    return Case(document.prompt, lambda reply: reply.strip() == answer, max_tokens)
