"""What a client may ask, read from its JSON and checked."""

from dataclasses import dataclass
from typing import Any

from temper.records import Decoding, Message, Prompt

MOST_CHOICES, MOST_TOP = 128, 20
Body = dict[str, Any]


class Refused(Exception):
    """The client asked for what is not to be had; answered as an error of OpenAI's form."""

    def __init__(self, status: int, message: str, code: str = "invalid_request_error") -> None:
        super().__init__(message)
        self.status, self.code = status, code


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One prompt with all that one call wants to know about it."""

    prompt: Prompt
    decoding: Decoding
    choices: int = 1
    seed: int | None = None
    echo: bool = False
    """Repeat the prompt before the text."""
    top: int | None = None
    """So many likeliest alternatives with each token's log-probability; None: none at all."""
    prompt_top: int | None = None
    """The same for the tokens of the prompt."""
    continues: bool = False
    """The last message is the beginning of the answer, not a finished turn."""


def read_completion(body: Body) -> list[Ask]:
    """One ask for each prompt of a completions call."""
    prompts = body.get("prompt", "")
    prompts = prompts if isinstance(prompts, list) else [prompts]
    if not prompts or not all(isinstance(text, str) for text in prompts):
        raise Refused(400, "'prompt' must be a string or a list of strings")
    top = _whole(body, "logprobs", None, 0, MOST_TOP)
    return [
        Ask(prompt=Prompt.raw(text), echo=bool(body.get("echo")), top=top, **_common(body))
        for text in prompts
    ]


def read_chat(body: Body) -> Ask:
    """The ask of a chat call."""
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages:
        raise Refused(400, "'messages' must be a list of messages, and not empty")
    top = _whole(body, "top_logprobs", 0, 0, MOST_TOP) if body.get("logprobs") else None
    return Ask(
        prompt=Prompt(tuple(_message(one) for one in messages)),
        top=top,
        prompt_top=_whole(body, "prompt_logprobs", None, 0, MOST_TOP),
        continues=bool(body.get("continue_final_message")),
        **_common(body),
    )


def _message(value: Any) -> Message:
    if isinstance(value, dict) and isinstance(value.get("content"), str):
        role = value.get("role")
        if role in ("system", "user", "assistant"):
            return Message(role, value["content"])
        if role == "developer":
            return Message("system", value["content"])
    raise Refused(400, "each message needs a role (system, user, assistant) and text as content")


def _common(body: Body) -> dict[str, Any]:
    if body.get("stream"):
        raise Refused(400, "'stream' is not offered here")
    given: Any = body.get("stop") or []
    stop: list[Any] = given if isinstance(given, list) else [given]
    if not all(isinstance(text, str) and text for text in stop):
        raise Refused(400, "'stop' must be a string or a list of strings")
    limit = "max_completion_tokens" if "max_completion_tokens" in body else "max_tokens"
    decoding = Decoding(
        max_tokens=_whole(body, limit, 64, 0, 1_000_000) or 0,
        temperature=_number(body, "temperature", 0.0, 10.0),
        top_p=_number(body, "top_p", 1e-6, 1.0),
        top_k=max(0, _whole(body, "top_k", 0, -1, 1_000_000) or 0),
        stop=tuple(stop),
    )
    choices = _whole(body, "n", 1, 1, MOST_CHOICES) or 1
    return {
        "decoding": decoding,
        "choices": choices,
        "seed": _whole(body, "seed", None, -(2**63), 2**63),
    }


def _whole(
    body: Body, name: str, default: int | None, low: int | None, high: int | None
) -> int | None:
    value = body.get(name)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int):
        raise Refused(400, f"'{name}' must be a whole number")
    if (low is not None and value < low) or (high is not None and value > high):
        raise Refused(400, f"'{name}' must lie between {low} and {high}")
    return value


def _number(body: Body, name: str, low: float, high: float) -> float | None:
    value = body.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise Refused(400, f"'{name}' must be a number between {low:g} and {high:g}")
    return float(value)
