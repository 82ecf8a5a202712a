"""Log-probabilities out of a server's JSON, which may hold anything in their place."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, TypeGuard

from temper.targets.endpoint.faults import Malformed
from temper.targets.openai.wire import choices_of

LEAST_LOGPROB = -1e6


def are_pairs(tokens: Any, logprobs: Any) -> bool:
    return (
        isinstance(tokens, list)
        and isinstance(logprobs, list)
        and len(tokens) == len(logprobs)
        and all(isinstance(token, str) for token in tokens)
        and all(value is None or _is_logprob(value) for value in logprobs)
    )


def _is_logprob(value: Any) -> TypeGuard[float]:
    """A number below 0, but for rounding; servers write the logarithm of 0 as -9999."""
    return isinstance(value, int | float) and LEAST_LOGPROB < value <= 0.01


def spelled_by(
    tokens: Sequence[str], logprobs: Sequence[float | None], answer: str, *, at_start: bool = False
) -> float:
    """Sum over the last tokens, those that spell the answer; offsets are not to be trusted."""
    spelled, total = "", 0.0
    for token, value in zip(reversed(tokens), reversed(logprobs), strict=True):
        if len(spelled) >= len(answer):
            break
        spelled = token + spelled
        if value is None and not at_start:
            raise Malformed("a token of the answer has no log-probability")
        total += value or 0.0
    if spelled != answer:
        raise Malformed(f"the answer {answer!r} shares a token with the prompt")
    return total


def log_ending(tops: Any) -> float:
    """Log P(no letter or digit follows), from the likeliest next tokens."""
    if not isinstance(tops, dict):
        return 0.0
    goes_on = sum(
        math.exp(value)
        for token, value in tops.items()
        if token[:1].isalnum() and _is_logprob(value)
    )
    return math.log1p(-min(goes_on, 1 - 1e-9))


def first_tokens(data: Any) -> Mapping[str, float]:
    """The likeliest tokens at the first place of a chat's answer."""
    listed = choices_of(data)[0].get("logprobs")
    content = listed.get("content") if isinstance(listed, dict) else None
    if not isinstance(content, list) or not content or not isinstance(content[0], dict):
        return {}
    tops = content[0].get("top_logprobs")
    if not isinstance(tops, list):
        return {}
    return {
        one["token"]: float(one["logprob"])
        for one in tops
        if isinstance(one, dict)
        and isinstance(one.get("token"), str)
        and _is_logprob(one.get("logprob"))
    }


def log_sum(values: Sequence[float], otherwise: float) -> float:
    if not values:
        return otherwise
    highest = max(values)
    return highest + math.log(sum(math.exp(value - highest) for value in values))
