"""A prompt as the text that a checkpoint reads, and an answer as the tokens that follow it."""

from typing import Any

from temper.records import Prompt

SEAM = 32
"""Characters at the end of a prompt that decide how an answer behind it is split into tokens."""


def prompt_text(tokenizer: Any, prompt: Prompt) -> str:
    """By the chat template where there is one."""
    if prompt.is_raw:
        return prompt.last.text
    if tokenizer.chat_template is not None:
        return tokenizer.apply_chat_template(
            prompt.to_list(), add_generation_prompt=True, tokenize=False
        )
    # A base model has no turns; the plainest wording of them is ours.
    turns = [f"{message.role.capitalize()}: {message.text}" for message in prompt.messages]
    return "\n".join([*turns, "Assistant:"])


def prompt_tokens(tokenizer: Any, prompt: Prompt, text: str) -> list[int]:
    tokens = tokenizer(text, add_special_tokens=prompt.is_raw)["input_ids"]
    if not text and not tokens and tokenizer.bos_token_id is not None:
        return [tokenizer.bos_token_id]  # unprompted: not every tokenizer adds it
    return tokens


def continuation(tokenizer: Any, text: str, answer: str) -> tuple[int, ...]:
    """The answer's tokens as they follow this text, told by the end of the text alone.

    Tokenizers may mark a word's start, so the answer is encoded behind the text; where the seam
    itself would be merged away, alone.

    Raises:
        ValueError: the answer has no tokens.
    """
    end = text[-SEAM:]
    before = tokenizer(end, add_special_tokens=False)["input_ids"]
    joint = tokenizer(end + answer, add_special_tokens=False)["input_ids"]
    if joint[: len(before)] == before and len(joint) > len(before):
        return tuple(joint[len(before) :])
    alone = tokenizer(answer, add_special_tokens=False)["input_ids"]
    if not alone:
        raise ValueError(f"the answer {answer!r} has no tokens")
    return tuple(alone)
