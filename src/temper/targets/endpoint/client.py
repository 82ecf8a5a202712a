"""Ask a service until it answers or it is hopeless."""

import asyncio
import os
import random
import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from temper.errors import TargetError
from temper.targets.endpoint.faults import CallFailed, Fault, Malformed
from temper.targets.endpoint.pace import LONGEST_WAIT
from temper.targets.endpoint.replicas import Replica, Replicas
from temper.targets.endpoint.sending import encode, send
from temper.targets.endpoint.service import Service

Read = TypeVar("Read")
FIRST_BACKOFF, LONGEST_BACKOFF = 0.25, 20.0
PATIENT_RETRIES = 3
"""A 429 says nothing against the request: it is tried so many times as often as other failures."""
HOPELESS = 32
"""So many requests failed in a row, with all their retries, and none was answered since each of
them began: the service is at fault, not they."""


class Client:
    """Calls with pace, retries and replicas; lives inside one event loop."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.calls = 0
        """HTTP calls made, retries included."""
        self._answered_at: float | None = None
        """When the last answer came; seconds on the monotonic clock."""
        self._opened: Replicas | None = None
        self._process = 0
        self._failed_in_a_row = 0
        self._jitter = random.Random()

    @property
    def in_flight(self) -> int:
        return sum(one.pace.in_flight for one in self._replicas.all)

    @property
    def peak(self) -> int:
        """Most calls that were in flight together."""
        return sum(one.pace.peak for one in self._replicas.all)

    async def close(self) -> None:
        if self._opened:
            await self._opened.close()

    async def once(self, path: str, body: Mapping[str, Any] | None = None) -> Any | Fault:
        """One GET, or one POST where there is a body, without retries: for looking around.

        The first replica that can be reached is asked.
        """
        content = None if body is None else encode(body)
        outcome: Any = None
        for replica in self._replicas.all:
            outcome = await self._send(replica, path, content)
            if not isinstance(outcome, Fault) or outcome.kind != "unreachable":
                break
        return outcome

    async def post(self, path: str, body: Mapping[str, Any], read: Callable[[Any], Read]) -> Read:
        """Send a request until it is answered or hopeless; `read` raises Malformed.

        Raises:
            CallFailed: this request cannot be answered.
            TargetError: no request can.
        """
        content, tries, throttled, began = encode(body), 0, 0, time.monotonic()
        while True:
            outcome = await self._try(path, content, read)
            if not isinstance(outcome, Fault):
                return outcome
            throttled += outcome.kind == "throttled"
            tries += outcome.kind not in ("throttled", "unreachable")
            if not self._may_repeat(outcome, tries, throttled):
                self._count_failure(outcome, began)
                raise CallFailed(outcome)
            await asyncio.sleep(self._backoff(outcome, tries + throttled))

    async def _try(self, path: str, content: bytes, read: Callable[[Any], Read]) -> Read | Fault:
        replica = await self._replicas.take()
        started = time.monotonic()
        try:
            outcome = await self._send(replica, path, content)
            if not isinstance(outcome, Fault):
                result = read(outcome)
                self._went_well(replica)
                return result
        except Malformed as error:
            outcome = Fault("broken", str(error))
        finally:
            self._replicas.give_back(replica)
            self._replicas.wake()
        self._note(outcome, replica, started)
        return outcome

    async def _send(self, replica: Replica, path: str, content: bytes | None) -> Any | Fault:
        self.calls += 1
        method = "GET" if content is None else "POST"
        return await send(replica.client, method, replica.at(path), content, self.service)

    @property
    def _replicas(self) -> Replicas:
        # a forked child must not talk on its parent's connections
        if self._opened is None or self._process != os.getpid():
            self._opened, self._process = Replicas(self.service), os.getpid()
        return self._opened

    def _went_well(self, replica: Replica) -> None:
        self._answered_at = time.monotonic()
        replica.pace.went_well(self._answered_at)
        replica.gone_since = None
        self._failed_in_a_row = 0

    def _note(self, fault: Fault, replica: Replica, started: float) -> None:
        """Let a fault change the pace; one that no request can survive ends the work."""
        now = time.monotonic()
        if fault.wait is not None and fault.wait > LONGEST_WAIT:
            self._note_long_wait(fault, fault.wait, replica, now)
        match fault.kind:
            case "fatal" if self._spares_others(fault):
                pass
            case "fatal":
                raise TargetError(self.service.explain(fault, replica.url))
            case "unreachable":
                self._note_gone(fault, replica, now)
                return
            case "throttled":
                wait = 2 * FIRST_BACKOFF if fault.wait is None else fault.wait
                replica.pace.throttled(started, now, wait)
            case "server" | "broken":
                replica.pace.stumbled(now, fault.wait or 0.0)
            case "refused":
                pass
        replica.gone_since = None

    def _spares_others(self, fault: Fault) -> bool:
        """A 403 among good answers is a firewall's, about this prompt, and not about the key."""
        return fault.status == 403 and self._answered_at is not None

    def _note_long_wait(self, fault: Fault, wait: float, replica: Replica, now: float) -> None:
        """Turn to the other replicas; when all ask for so long a wait, stop."""
        replica.pace.paused_until = now + wait
        if all(one.pace.paused_until > now + LONGEST_WAIT for one in self._replicas.all):
            raise TargetError(
                f"{self.service.explain(fault, replica.url)}. It asks to wait {wait:.0f} s. What"
                " was answered is kept: run the same command again then"
            )

    def _note_gone(self, fault: Fault, replica: Replica, now: float) -> None:
        """Turn to the other replicas for a second; when all are gone for too long, stop."""
        answered = self._answered_at is not None
        patience = self.service.patience if answered else 0.0
        if replica.gone_since is None:
            replica.gone_since = now
        replica.pace.paused_until = now + min(1.0, patience)
        gone = [one.gone_since for one in self._replicas.all]
        if all(since is not None and now - since >= patience for since in gone):
            kept = ". What was answered is kept: run the same command again to go on"
            why = self.service.explain(fault, replica.url)
            raise TargetError(why + (kept if answered else ""))

    def _may_repeat(self, fault: Fault, tries: int, throttled: int) -> bool:
        match fault.kind:
            case "unreachable":
                return True
            case "throttled":
                return throttled <= PATIENT_RETRIES * self.service.retries
            case "refused" | "fatal":
                return False
            case "server" | "broken":
                safe = self.service.repeatable or fault.status == 503
                return safe and tries <= self.service.retries

    def _count_failure(self, fault: Fault, began: float) -> None:
        """A request that its own content spoiled says nothing about the service.

        Nor does one that failed while others were answered: with its retries it takes longer than
        they do, so that the failures of a whole run may come together at its end.
        """
        answered_since = self._answered_at is not None and self._answered_at >= began
        if fault.kind == "refused" or answered_since:
            return
        self._failed_in_a_row += 1
        if self._failed_in_a_row >= HOPELESS:
            raise TargetError(
                f"{self.service.blot(self.service.urls[0])}: the last {HOPELESS} requests all"
                f" failed, the last one because: {fault.reason}. What was answered is kept: run"
                " the same command again when the service is well"
            )

    def _backoff(self, fault: Fault, tries: int) -> float:
        """Exponential, and jittered, so that calls do not march.

        Where the server said how long, its pace waits, and another replica may be free.
        """
        if fault.wait is not None:
            return FIRST_BACKOFF * self._jitter.uniform(0.0, 0.5)
        step = FIRST_BACKOFF * 2 ** max(0, tries - 1)
        return min(LONGEST_BACKOFF, step) * self._jitter.uniform(0.5, 1.0)
