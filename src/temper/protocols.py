"""What temper asks of the things that users bring: targets, measures, attackers."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, runtime_checkable

from temper.records import Attempt, Reply, Request, Verdict

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Pooling = Literal["mean", "last"]
"""One vector from a text's states: the mean over its tokens, or the state of its last token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a target can do, found out once by asking it or by reading its files."""

    name: str
    kind: str
    chat: bool
    """Takes message lists; raw prompts work everywhere."""
    scores: bool
    """Gives log-probabilities of whole answers."""
    hidden: bool
    context_tokens: int | None
    """Longest prompt plus answer; None is not known."""
    details: str = ""
    scores_raw: bool | None = None
    """Log-probabilities of answers to raw prompts; None: as for conversations."""
    quirks: tuple[str, ...] = ()
    """What it does otherwise than asked, and what that means for the figures."""

    def can_weigh(self, *, raw: bool) -> bool:
        """Whether answers to raw prompts, or to conversations, can be weighed."""
        return self.scores if not raw or self.scores_raw is None else self.scores_raw


class Target(Protocol):
    """The model under test, or a red model: whatever answers prompts.

    Replies come in order of completion, one a request. What goes wrong with one request is a Reply
    with `error` set; only a target that cannot be used at all raises TargetError. Empty text is an
    answer.
    """

    @property
    def capabilities(self) -> Capabilities: ...

    @property
    def hash(self) -> str:
        """Names the weights and template (or the endpoint and served model) behind the replies."""
        ...

    @property
    def unit(self) -> int | None:
        """How many requests to hand over at once, and to keep or lose together.

        A local model's floats depend in their last digits on what shares its batch, so a continued
        run must meet the same batches. None: replies are independent of one another.
        """
        ...

    def generate(self, requests: Iterable[Request]) -> Iterator[Reply]:
        """Answer requests; those with `answers` are scored, the others generate text."""
        ...

    def hidden(self, texts: Sequence[str], *, pooling: Pooling = "mean") -> "NDArray[np.float32]":
        """The target's own states of the last layer, (texts, features); padding has no part.

        Raises:
            TargetError: it has none to show.
        """
        ...


class Embedder(Protocol):
    """Texts to vectors whose directions say what the texts are about."""

    @property
    def hash(self) -> str:
        """Names the weights and the pooling behind the vectors."""
        ...

    def embed(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """(texts, features), in order; a text's vector depends on no other in more than noise."""
        ...


@runtime_checkable
class CountsTokens(Protocol):
    """A target that says how long a text is in its own tokens; many endpoints do not."""

    def count_tokens(self, text: str) -> int: ...


class Measure(Protocol):
    """Text to P(failure), or "could not tell"."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    def judge(self, attempts: Iterable[Attempt]) -> Iterator[Verdict]: ...


class Mitigation(Protocol):
    """What stands between the user and a target: asks it, perhaps more than once, and decides."""

    @property
    def name(self) -> str: ...

    @property
    def identity(self) -> tuple[str, ...]:
        """All that decides its answers beside the target."""
        ...

    def answer(self, target: Target, requests: Sequence[Request]) -> list[Reply]:
        """One reply for each request, in order, with the cost of all calls it took."""
        ...


class Reporter(Protocol):
    """Who is told how far the work is."""

    def stage(self, name: str, total: int) -> None: ...

    def advance(self, count: int) -> None: ...


class Silent:
    """A Reporter that says nothing."""

    def stage(self, name: str, total: int) -> None:
        pass

    def advance(self, count: int) -> None:
        pass
