"""The recording target: resume, cache and determinism in one.

It answers from the run's database what was asked before and writes each new reply as it arrives, so
no stage has resume code: a continued run replays for free and goes on.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from temper.budget import Budget
from temper.errors import Stopped
from temper.protocols import Capabilities, Pooling, Target
from temper.records import Reply, Request
from temper.store import Store

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NEAR_CHARACTERS = 24
Progress = Callable[[int], None]
"""Called with the number of replies that have just come in, stored or new."""


class RecordedTarget:
    """Wraps any target for one stage of one run.

    Args:
        inner: the target that answers what the database does not know.
        store: the run's database.
        stage: enters the request ids, so that stages never share replies.
        seed: the run's seed; enters the ids and with them the sampling noise.
        role: "target" or "red"; costs are counted apart.
        ask_failed_again: for final measurements. A closed round of a search keeps its errors,
            because what followed depended on them.
        progress: told of every reply.
        budget: what may still be asked; None is no limit.
        offline: only answer from the database; what it does not know has no reply.
    """

    def __init__(
        self,
        inner: Target,
        store: Store,
        *,
        stage: str,
        seed: int,
        role: str = "target",
        ask_failed_again: bool = False,
        progress: Progress | None = None,
        budget: Budget | None = None,
        offline: bool = False,
    ) -> None:
        self.inner, self._store, self.stage, self._role = inner, store, stage, role
        self._scope = f"{seed}/{stage}/{role}/{inner.hash}"
        self._ask_failed_again = ask_failed_again
        self._progress = progress or _ignore
        self._budget, self._offline = budget or Budget(), offline

    @property
    def capabilities(self) -> Capabilities:
        return self.inner.capabilities

    @property
    def hash(self) -> str:
        return self.inner.hash

    @property
    def unit(self) -> int | None:
        return self.inner.unit

    def hidden(self, texts: Sequence[str], *, pooling: Pooling = "mean") -> "NDArray[np.float32]":
        return self.inner.hidden(texts, pooling=pooling)

    def generate(self, requests: Iterable[Request]) -> Iterator[Reply]:
        """One reply for each distinct request; `exchange_id` is where the database keeps it."""
        asked = {replace(request, scope=self._scope): request.id for request in requests}
        caller_id = {scoped.id: own for scoped, own in asked.items()}
        for unit in self._units(list(asked)):
            for reply in self._answer(unit):
                self._progress(1)
                yield replace(
                    reply, request_id=caller_id[reply.request_id], exchange_id=reply.request_id
                )

    def known(self, requests: Sequence[Request]) -> list[Reply | None]:
        """What the database has of these already, in their order; nothing is asked."""
        scoped = [replace(request, scope=self._scope) for request in requests]
        stored = self._store.replies([one.id for one in scoped])
        return [
            None if reply is None else replace(reply, request_id=own.id, exchange_id=one.id)
            for own, one in zip(requests, scoped, strict=True)
            for reply in [stored.get(one.id)]
        ]

    def _units(self, requests: list[Request]) -> Iterator[list[Request]]:
        """Slices that do not depend on what is stored already: see `Target.unit`."""
        size = self.inner.unit
        if size is None:
            yield requests
            return
        requests.sort(key=_weight)
        for start in range(0, len(requests), size):
            yield requests[start : start + size]

    def _answer(self, unit: Sequence[Request]) -> Iterator[Reply]:
        stored = self._store.replies([request.id for request in unit])
        if self._ask_failed_again:
            stored = {key: reply for key, reply in stored.items() if reply.finish != "error"}
        yield from stored.values()
        missing = {request.id: request for request in unit if request.id not in stored}
        if missing and not self._offline:
            ask = self._ask_each if self.inner.unit is None else self._ask_whole
            yield from ask(missing)

    def _ask_each(self, missing: dict[str, Request]) -> Iterator[Reply]:
        """Keep each reply as it arrives; failures only when all are in.

        So a round that was cut short asks its failed requests again, and a closed one does not.

        Raises:
            Stopped: the budget admits no more; what was under way is kept.
        """
        waiting, failed = deque(missing.values()), list[Reply]()
        while waiting:
            left = len(waiting)
            for reply in self.inner.generate(self._budget.admit(waiting, self._role)):
                self._budget.settle(reply.request_id, reply, self._role)
                if reply.finish == "error":
                    failed.append(reply)
                else:
                    self._keep(missing, [reply])
                yield reply
            if len(waiting) == left:
                raise Stopped(
                    self._budget.reason(waiting[0], self._role) or "the budget is used up"
                )
        self._keep(missing, failed)

    def _ask_whole(self, missing: dict[str, Request]) -> Iterator[Reply]:
        self._budget.admit_whole(list(missing.values()), self._role)
        fresh = list(self.inner.generate(missing.values()))
        for reply in fresh:
            self._budget.settle(reply.request_id, reply, self._role)
        self._keep(missing, fresh)
        yield from fresh

    def _keep(self, requests: dict[str, Request], replies: Sequence[Reply]) -> None:
        if replies:
            pairs = [(requests[reply.request_id], reply) for reply in replies]
            self._store.add_replies(self.stage, self._role, pairs)


def _ignore(count: int) -> None:
    pass


def _weight(request: Request) -> tuple[int, int, str, str]:
    """Similar lengths together, and within them similar beginnings, which targets may share."""
    text = "".join(message.text for message in request.prompt.messages)
    return (1 if request.answers else 0, len(text) // NEAR_CHARACTERS, text, request.id)


def ask_all(target: Target, requests: Sequence[Request]) -> list[Reply]:
    """All replies, in request order: what an adaptive stage may see when a round is complete."""
    replies = {reply.request_id: reply for reply in target.generate(requests)}
    return [replies[request.id] for request in requests]
