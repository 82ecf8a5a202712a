"""Requests as a server's JSON, and its JSON as replies. What a server ignores is made good here."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeGuard

from temper.records import Decoding, Prompt, Reply, Request, estimated_tokens
from temper.targets.endpoint.faults import Fault, Malformed, shorten

CHAT, COMPLETIONS = "/chat/completions", "/completions"
LEARNED = ("seed", "top_k", "top_p", "temperature", "stop")
"""Fields that a request can do without: left out from the moment that a server refuses them."""
MOST_TOKENS = 10**9
"""No call takes more: a larger count is no count."""
BROKEN_OFF = ("error", "abort")
"""Reasons to finish that say that the server failed in the middle of an answer."""
Weighing = Literal["echo", "prompt_logprobs", "first_token"]
Body = dict[str, Any]


@dataclass(slots=True)
class Dialect:
    """What one server understands: looked up when it is opened, and learned while it is used."""

    model: str
    chat: bool = True
    completions: bool = False
    weighs_raw: Weighing | None = None
    weighs_chat: Weighing | None = None
    lists: bool = False
    """Takes several prompts in one call."""
    counts_tokens: bool = True
    limit_field: str = "max_tokens"
    refused: set[str] = field(default_factory=set[str])

    def learn(self, fault: Fault, body: Mapping[str, Any]) -> bool:
        """Whether a refusal named a field that can be left out or renamed from now on."""
        if fault.status not in (400, 422):
            return False
        if "max_completion_tokens" in fault.reason and "max_tokens" in body:
            self.limit_field = "max_completion_tokens"
            return True
        named = [name for name in LEARNED if name in body and _names(fault.reason, name)]
        self.refused.update(named)
        return bool(named)


def _names(text: str, name: str) -> bool:
    return bool(re.search(rf"['\"`]{name}['\"`]|: {name}\b", text))


def draw_body(request: Request, system: str | None, dialect: Dialect) -> tuple[str, Body]:
    """Where to post a request for a text, and what.

    `n` is never sent: servers ignore it, and a seed of its own makes each draw repeatable.
    """
    assert request.decoding is not None
    path, body = prompt_body(request.prompt, system, dialect)
    wanted = {
        dialect.limit_field: request.decoding.max_tokens,
        "temperature": request.decoding.temperature,
        "top_p": request.decoding.top_p,
        "top_k": request.decoding.top_k or None,
        "stop": list(request.decoding.stop[:4]) or None,
        "seed": None if request.decoding.temperature == 0 else int(request.id[:8], 16) >> 1,
    }
    body |= {k: v for k, v in wanted.items() if v is not None and k not in dialect.refused}
    return path, body


def prompt_body(prompt: Prompt, system: str | None, dialect: Dialect) -> tuple[str, Body]:
    """Conversations go to chat where there is one, raw texts to completions, else the other."""
    body: Body = {"model": dialect.model}
    if dialect.chat and not (prompt.is_raw and dialect.completions):
        return CHAT, body | {"messages": chat_messages(prompt, system)}
    return COMPLETIONS, body | {"prompt": raw_text(prompt, system)}


def chat_messages(prompt: Prompt, system: str | None) -> list[dict[str, str]]:
    messages = prompt.to_list()
    if prompt.is_raw:
        messages[0]["role"] = "user"
    return ([{"role": "system", "content": system}] if system else []) + messages


def raw_text(prompt: Prompt, system: str | None) -> str:
    """Turns in the plainest wording, as for local models without a template."""
    lead = f"{system}\n" if system else ""
    if prompt.is_raw:
        return lead + prompt.last.text
    turns = [f"{message.role.capitalize()}: {message.text}" for message in prompt.messages]
    return lead + "\n".join([*turns, "Assistant:"])


def read_text(data: Any, request: Request) -> Reply:
    """The reply in a chat's or a completion's answer.

    Raises:
        Malformed: no choice, no text in it, or not the whole text.
    """
    assert request.decoding is not None
    choice = choices_of(data)[0]
    if choice.get("error") or choice.get("finish_reason") in BROKEN_OFF:
        said = shorten(str(choice.get("error") or choice.get("finish_reason")))
        raise Malformed(f"broke off in the middle of the answer: {said}")
    text, refused = text_of(choice)
    finish = _finish(choice.get("finish_reason"), refused)
    text, stopped = _cut(text, request.decoding)
    tokens_in, tokens_out = usage_of(data, request.prompt, text)
    return Reply(
        request_id=request.id,
        text=text,
        finish="stop" if stopped and finish == "length" else finish,
        tokens_in=tokens_in,
        tokens_out=tokens_out,
    )


def choices_of(data: Any) -> Sequence[Mapping[str, Any]]:
    choices = data.get("choices") if isinstance(data, dict) else None
    if not isinstance(choices, list) or not all(isinstance(one, dict) for one in choices):
        raise Malformed("answered without choices, so it is no OpenAI-compatible answer")
    if not choices:
        raise Malformed("answered with an empty list of choices")
    return choices


def with_choices(data: Any) -> Any:
    """The whole answer, once it is known to have choices."""
    choices_of(data)
    return data


def usage_of(data: Any, prompt: Prompt, text: str) -> tuple[int, int]:
    """Tokens in and out; each is estimated where the server gives no count to believe."""
    usage = data.get("usage")
    counted: Mapping[str, Any] = usage if isinstance(usage, dict) else {}
    asked, drawn = counted.get("prompt_tokens"), counted.get("completion_tokens")
    return (
        asked if _is_count(asked) else estimated_tokens(one.text for one in prompt.messages),
        drawn if _is_count(drawn) else estimated_tokens([text]),
    )


def _is_count(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_TOKENS


def text_of(choice: Mapping[str, Any]) -> tuple[str, bool]:
    """The text, and whether the server says that it is a refusal."""
    if isinstance(choice.get("text"), str):
        return choice["text"], False
    message = choice.get("message")
    if not isinstance(message, dict) or not {"content", "refusal"} & set(message):
        raise Malformed("answered with a choice that has no text")
    if isinstance(message.get("refusal"), str) and message["refusal"]:
        return message["refusal"], True
    content = message.get("content")
    if isinstance(content, list):  # some servers send parts
        parts = [part.get("text") for part in content if isinstance(part, dict)]
        content = "".join(part for part in parts if isinstance(part, str))
    if content is not None and not isinstance(content, str):
        raise Malformed("answered with a message whose content is no text")
    return content or "", False


def _finish(reason: Any, refused: bool) -> Literal["stop", "length", "filtered", "refused"]:
    if reason == "content_filter":
        return "filtered"
    if refused or reason == "refusal":
        return "refused"
    return "length" if reason in ("length", "max_tokens") else "stop"


def _cut(text: str, decoding: Decoding) -> tuple[str, bool]:
    """Stop strings again: some servers ignore them, and no server takes more than a few."""
    cuts = [text.index(stop) for stop in decoding.stop if stop in text]
    return (text[: min(cuts)], True) if cuts else (text, False)
