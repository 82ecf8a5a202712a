"""A target behind a mitigation is a target again: to its user one query, whatever it costs inside.

Wrap the inner models in recording targets with a role of their own, and the calls, tokens and
seconds of a mitigation stand in the run's database beside its queries.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from temper.errors import TargetError
from temper.protocols import Capabilities, Mitigation, Pooling, Target
from temper.records import Reply, Request, content_id

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Mitigated:
    """Answers as the mitigation does; gives no log-probabilities, for they do not pass through it.

    Mitigations stack: a mitigated target can be wrapped again.
    """

    def __init__(self, inner: Target, mitigation: Mitigation) -> None:
        self.inner, self.mitigation = inner, mitigation

    @property
    def capabilities(self) -> Capabilities:
        known = self.inner.capabilities
        name = f"{known.name}+{self.mitigation.name}"
        return replace(known, name=name, scores=False, hidden=False)

    @property
    def hash(self) -> str:
        return content_id("mitigated", self.inner.hash, *self.mitigation.identity)

    @property
    def unit(self) -> int | None:
        return self.inner.unit

    def generate(self, requests: Iterable[Request]) -> Iterator[Reply]:
        drawn: list[Request] = []
        for request in requests:
            if request.answers:
                why = "log-probabilities do not pass a mitigation: score by sampled answers"
                yield Reply(request_id=request.id, finish="error", error=why)
            else:
                drawn.append(request)
        yield from self.mitigation.answer(self.inner, drawn)

    def hidden(self, texts: Sequence[str], *, pooling: Pooling = "mean") -> "NDArray[np.float32]":
        raise TargetError(
            f"{self.capabilities.name} shows no hidden states: use the target without mitigation"
        )


def combined(request: Request, chosen: Reply, calls: Sequence[Reply]) -> Reply:
    """The chosen reply as the answer to the request, at the cost of all calls."""
    return replace(
        chosen,
        request_id=request.id,
        exchange_id=None,
        tokens_in=sum(call.tokens_in for call in calls),
        tokens_out=sum(call.tokens_out for call in calls),
        seconds=sum(call.seconds or 0.0 for call in calls),
    )


def withheld(request: Request, calls: Sequence[Reply]) -> Reply:
    """No answer, as the mitigation decided: safe, but charged to utility."""
    nothing = Reply(request_id=request.id, text="", finish="filtered")
    return combined(request, nothing, calls)
