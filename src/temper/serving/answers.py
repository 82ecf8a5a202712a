"""Choices in the JSON of OpenAI's API, with vLLM's `prompt_logprobs`."""

import math
from collections.abc import Sequence
from typing import Any

from temper.serving.asking import Ask
from temper.serving.engine import Choice, Token

Json = dict[str, Any]


def completion_answer(asks: Sequence[Ask], answers: Sequence[list[Choice]], model: str) -> Json:
    pairs = [(ask, one) for ask, choices in zip(asks, answers, strict=True) for one in choices]
    return {
        "id": "cmpl-temper",
        "object": "text_completion",
        "model": model,
        "choices": [
            {
                "index": place,
                "text": (ask.prompt.last.text if ask.echo else "") + choice.text,
                "finish_reason": choice.finish,
                "logprobs": _listed(ask, choice) if ask.top is not None else None,
            }
            for place, (ask, choice) in enumerate(pairs)
        ],
        "usage": _usage(answers),
    }


def chat_answer(ask: Ask, choices: list[Choice], model: str) -> Json:
    answer: Json = {
        "id": "chatcmpl-temper",
        "object": "chat.completion",
        "model": model,
        "choices": [
            {
                "index": place,
                "message": {"role": "assistant", "content": choice.text},
                "finish_reason": choice.finish,
                "logprobs": _content(ask, choice) if ask.top is not None else None,
            }
            for place, choice in enumerate(choices)
        ],
        "usage": _usage([choices]),
    }
    if ask.prompt_top is not None:
        prompt = choices[0].tokens[: choices[0].tokens_in]
        answer["prompt_logprobs"] = [_prompt_token(token, ask.prompt_top) for token in prompt]
    return answer


def _listed(ask: Ask, choice: Choice) -> Json:
    """The parallel lists of the completions API."""
    tokens = choice.tokens if ask.echo else choice.tokens[choice.tokens_in :]
    offsets: list[int] = []
    place = 0 if ask.echo else len(ask.prompt.last.text)
    for token in tokens:
        offsets.append(place)
        place += len(token.text)
    return {
        "tokens": [token.text for token in tokens],
        "token_logprobs": [token.logprob for token in tokens],
        "top_logprobs": [
            _top(token, ask.top) if token.logprob is not None else None for token in tokens
        ],
        "text_offset": offsets,
    }


def _content(ask: Ask, choice: Choice) -> Json:
    """The list of objects of the chat API."""
    return {
        "content": [
            {
                **_object(token.text, token.logprob or 0.0),
                "top_logprobs": [_object(*pair) for pair in _top(token, ask.top).items()],
            }
            for token in choice.tokens[choice.tokens_in :]
        ]
    }


def _object(text: str, logprob: float) -> Json:
    return {"token": text, "logprob": logprob, "bytes": list(text.encode("utf-8", "replace"))}


def _prompt_token(token: Token, top: int) -> Json | None:
    """The token itself comes first; its key in vLLM is the token's number, which nobody reads."""
    if token.logprob is None:
        return None
    own = {"own": {"logprob": token.logprob, "rank": None, "decoded_token": token.text}}
    others = {
        str(rank): {"logprob": value, "rank": rank, "decoded_token": text}
        for rank, (text, value) in enumerate(_top(token, top).items(), start=1)
    }
    return own | others


def _top(token: Token, top: int | None) -> dict[str, float]:
    best = list(token.top.items())[: top or 0]
    return {text: value for text, value in best if math.isfinite(value)}


def _usage(answers: Sequence[list[Choice]]) -> Json:
    asked = sum(choices[0].tokens_in for choices in answers)
    drawn = sum(choice.tokens_out for choices in answers for choice in choices)
    return {"prompt_tokens": asked, "completion_tokens": drawn, "total_tokens": asked + drawn}
