"""Training rows: prompts with the answers that a model should give to them."""

from dataclasses import dataclass
from typing import Any

from temper.records import Prompt
from temper.targets.wording import continuation, prompt_text, prompt_tokens

MASKED = -100
"""The label of a token that the loss does not count."""


@dataclass(frozen=True, slots=True)
class Row:
    """A prompt and the answer that a model should give to it."""

    prompt: Prompt
    answer: str
    rejected: str = ""
    """A worse answer, for preferences; empty where there is none."""
    kind: str = ""
    """What the row teaches: "attack", or the benign skill."""
    source: str = ""
    """The attack or text behind the prompt."""


def tokens_of(tokenizer: Any, row: Row, answer: str) -> tuple[list[int], list[int]]:
    """The prompt's tokens, exactly as a target reads them, and the answer's with the end token."""
    text = prompt_text(tokenizer, row.prompt)
    prompt = prompt_tokens(tokenizer, row.prompt, text)
    return prompt, [*continuation(tokenizer, text, answer), tokenizer.eos_token_id]
