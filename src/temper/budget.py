"""Caps on what a run may spend, and what it has spent: hard, and shared by all its stages."""

import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from temper.config import BudgetConfig
from temper.errors import ConfigError, Stopped
from temper.records import Reply, Request, estimated_tokens

QUERIED = ("target", "call", "helper")
"""Roles whose requests are queries: the target, what a mitigation asks, and who helps. What a red
model or a judge is asked counts in tokens and money only."""


class Price(NamedTuple):
    """Of one model, in the user's currency for a million tokens."""

    input: float
    output: float


@dataclass(slots=True)
class Spent:
    """What was spent; money is None where a model has no price."""

    queries: int = 0
    """Requests of the roles that are counted, by default `QUERIED`."""
    tokens: int = 0
    cost: float | None = 0.0

    def add(self, other: "Spent") -> None:
        self.queries += other.queries
        self.tokens += other.tokens
        known = self.cost is not None and other.cost is not None
        self.cost = (self.cost or 0.0) + (other.cost or 0.0) if known else None

    def take(self, other: "Spent") -> None:
        """Undo `add`."""
        self.queries -= other.queries
        self.tokens -= other.tokens
        if self.cost is not None and other.cost is not None:
            self.cost -= other.cost


class Budget:
    """Admits requests while what was spent, what is under way and the request itself stay below.

    What is under way counts by an estimate (three characters a token, and the longest answer), so
    a cap is overrun at most by what the requests in flight turn out longer than that.

    Args:
        caps: the limits; a missing one is none.
        prices: for each role ("target", "red") its model's price; None is not known. A role that is
            not named is played by the target.
        queried: roles whose requests are queries.
        clock: seconds, for `max_minutes`; the minutes of this call, not of the whole run.

    Raises:
        ConfigError: money is capped and a model has no price.
    """

    def __init__(
        self,
        caps: BudgetConfig | None = None,
        prices: Mapping[str, Price | None] | None = None,
        queried: Collection[str] = QUERIED,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._caps, self._prices, self._clock = caps or BudgetConfig(), prices or {}, clock
        self._started, self._queried = clock(), queried
        self.spent, self._under_way = Spent(), Spent()
        self._reserved: dict[str, Spent] = {}
        self._lock = threading.Lock()
        unknown = [role for role, price in self._prices.items() if price is None]
        if self._caps.max_cost is not None and unknown:
            raise ConfigError(
                f"budget.max_cost: the {' and the '.join(unknown)} model has no price. Write it"
                " into prices.toml (docs/targets.md shows how), or cap tokens instead"
            )

    def remember(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Count what a database says was spent before: `Store.spent()`."""
        for row in rows:
            self.spent.add(self._of(row))

    def cost_of(self, rows: Sequence[Mapping[str, Any]]) -> float | None:
        """The money behind such rows; None where a model has no price."""
        total = Spent()
        for row in rows:
            total.add(self._of(row))
        return total.cost

    def _of(self, row: Mapping[str, Any]) -> Spent:
        tokens_in, tokens_out = row["tokens_in"] or 0, row["tokens_out"] or 0
        queries = row["queries"] if row["role"] in self._queried else 0
        cost = self._cost(row["role"], tokens_in, tokens_out)
        return Spent(queries, tokens_in + tokens_out, cost)

    def admit(self, waiting: deque[Request], role: str) -> Iterator[Request]:
        """Take requests from the left while they fit; what is left did not fit for now."""
        while waiting:
            with self._lock:
                if self.reason(waiting[0], role):
                    return
                request = waiting.popleft()
                self._reserve(request, role)
            yield request

    def admit_whole(self, unit: Sequence[Request], role: str) -> None:
        """Reserve for all of a unit, which a target answers as a whole.

        Raises:
            Stopped: it does not fit.
        """
        with self._lock:
            for request in unit:
                if why := self.reason(request, role):
                    self._release(unit)
                    if len(unit) > 1:
                        why += f", and the next {len(unit)} requests are answered together or not"
                    raise Stopped(why)
                self._reserve(request, role)

    def settle(self, request_id: str, reply: Reply, role: str) -> None:
        """Replace the estimate by what the reply really took."""
        with self._lock:
            reserved = self._reserved.pop(request_id, None)
            if reserved:
                self._under_way.take(reserved)
            tokens = reply.tokens_in + reply.tokens_out
            cost = self._cost(role, reply.tokens_in, reply.tokens_out)
            self.spent.add(Spent(int(role in self._queried), tokens, cost))

    def reason(self, request: Request, role: str) -> str | None:
        """Why this request may not start now; None if it may."""
        caps, wanted = self._caps, self._estimate(request, role)
        wanted.add(self._under_way)
        wanted.add(self.spent)
        if caps.max_queries is not None and wanted.queries > caps.max_queries:
            return f"the cap of {caps.max_queries} queries (--max-queries) is reached"
        if caps.max_tokens is not None and wanted.tokens > caps.max_tokens:
            return f"the cap of {caps.max_tokens} tokens (--max-tokens) is reached"
        if caps.max_cost is not None and wanted.cost is None:
            return f"money is capped (--max-cost) and the {role} model has no price"
        if caps.max_cost is not None and wanted.cost is not None and wanted.cost > caps.max_cost:
            return f"the cap of {caps.max_cost:g} in money (--max-cost) is reached"
        return self._time_is_up()

    def check_time(self) -> None:
        """For work that asks nothing, such as training.

        Raises:
            Stopped: the minutes are used up.
        """
        if why := self._time_is_up():
            raise Stopped(why)

    def _time_is_up(self) -> str | None:
        most = self._caps.max_minutes
        if most is not None and (self._clock() - self._started) / 60 >= most:
            return f"the cap of {most:g} minutes (--max-minutes) is reached"
        return None

    def _reserve(self, request: Request, role: str) -> None:
        wanted = self._estimate(request, role)
        self._reserved[request.id] = wanted
        self._under_way.add(wanted)

    def _release(self, requests: Sequence[Request]) -> None:
        for request in requests:
            if reserved := self._reserved.pop(request.id, None):
                self._under_way.take(reserved)

    def _estimate(self, request: Request, role: str) -> Spent:
        messages = request.prompt.messages
        asked = estimated_tokens(message.text for message in messages) + 8 * len(messages)
        tokens_in = asked * max(1, len(request.answers))
        tokens_in += sum(estimated_tokens([answer]) for answer in request.answers)
        tokens_out = request.decoding.max_tokens if request.decoding else len(request.answers)
        cost = self._cost(role, tokens_in, tokens_out)
        return Spent(int(role in self._queried), tokens_in + tokens_out, cost)

    def _cost(self, role: str, tokens_in: int, tokens_out: int) -> float | None:
        price = self._prices.get(role, self._prices.get("target"))
        if price is None:
            return None
        return (tokens_in * price.input + tokens_out * price.output) / 1e6
