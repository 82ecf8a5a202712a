"""What a model is asked and what it answers."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from temper.records.content import content_id

Role = Literal["system", "user", "assistant", "raw"]


CHARACTERS_A_TOKEN = 3


def estimated_tokens(texts: Iterable[str]) -> int:
    """Tokens of texts that nobody counted."""
    return math.ceil(sum(map(len, texts)) / CHARACTERS_A_TOKEN)


@dataclass(frozen=True, slots=True)
class Message:
    """One turn. Role "raw" is text to be continued, without any chat template."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a target is asked: a list of messages, or one raw text to continue."""

    messages: tuple[Message, ...]

    def __post_init__(self) -> None:
        if any(message.role == "raw" for message in self.messages) and len(self.messages) != 1:
            raise ValueError("a raw prompt is exactly one message")

    @classmethod
    def raw(cls, text: str) -> "Prompt":
        return cls((Message("raw", text),))

    @classmethod
    def user(cls, text: str) -> "Prompt":
        return cls((Message("user", text),))

    @property
    def is_raw(self) -> bool:
        return self.messages[0].role == "raw"

    @property
    def last(self) -> Message:
        return self.messages[-1]

    def to_list(self) -> list[dict[str, str]]:
        return [{"role": message.role, "content": message.text} for message in self.messages]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoding:
    """How an answer is drawn: `temperature` 0 is greedy, None is the target's own default."""

    max_tokens: int = 24
    temperature: float | None = 0.0
    top_p: float | None = None
    top_k: int | None = None
    """0 or None: no limit beyond the target's own."""
    stop: tuple[str, ...] = ()
    """The answer ends before the first of these strings."""
    no_repeat: int | None = None
    """No run of so many tokens occurs twice in prompt and answer; None: no such limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One prompt to put to a target: answers to draw (`decoding`) or answers to weigh (`answers`).

    The id is the hash of everything that decides the reply, so equal requests are asked once and
    the sampling noise can be drawn from it.
    """

    prompt: Prompt
    decoding: Decoding | None = None
    answers: tuple[str, ...] = ()
    """Given: the reply carries the log-probability of each as a whole answer, and no text."""
    sample: int = 0
    """Which of several draws of the same prompt this is."""
    scope: str = ""
    """Run seed, stage and target hash, filled in by the recording target."""

    @property
    def id(self) -> str:
        decoding = self.decoding and [
            self.decoding.max_tokens,
            self.decoding.temperature,
            self.decoding.top_p,
            self.decoding.top_k,
            list(self.decoding.stop),
        ]
        if decoding and self.decoding and self.decoding.no_repeat is not None:
            decoding.append(self.decoding.no_repeat)  # ids of requests without it stay as they were
        return content_id(
            self.scope, self.prompt.to_list(), decoding, list(self.answers), self.sample
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back for one request. An error is a reply with `error` set, never an exception."""

    request_id: str
    exchange_id: str | None = None
    """Where the recording target keeps it; None outside a run."""
    text: str | None = None
    """None where nothing was generated: an error, or answers were only weighed."""
    logprobs: tuple[float, ...] = ()
    """Natural logarithms, one for each of the request's answers."""
    finish: Literal["stop", "length", "filtered", "refused", "scored", "error"] = "stop"
    """"filtered" and "refused" are what a server itself says of its answer."""
    error: str | None = None
    tokens_in: int = 0
    tokens_out: int = 0
    seconds: float | None = None
    """This reply's share of the time its batch took; None when it was not timed."""
