"""Share calls among the addresses of one service, each at its own pace."""

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from temper.targets.endpoint.pace import Pace
from temper.targets.endpoint.sending import open_client
from temper.targets.endpoint.service import Service

if TYPE_CHECKING:
    import httpx2


@dataclass(slots=True)
class Replica:
    """One address."""

    url: str
    pace: Pace
    client: "httpx2.AsyncClient"
    gone_since: float | None = None
    """When it began to refuse connections; None while it answers."""

    def at(self, path: str) -> str:
        """The address of a path below its own, which may have a query (?api-version=1)."""
        parts = urlsplit(self.url)
        if not path or not parts.query:
            return self.url + path
        return urlunsplit(parts._replace(path=parts.path.rstrip("/") + path))


class Replicas:
    """Hands out places; whoever has none waits for a call to come back or a pause to end."""

    def __init__(self, service: Service) -> None:
        self.all: Sequence[Replica] = [
            Replica(url, Pace(service.most_in_flight), open_client(url, service))
            for url in service.urls
        ]
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def close(self) -> None:
        for replica in self.all:
            await replica.client.aclose()

    async def take(self) -> Replica:
        """A place at the replica with the most room."""
        while (replica := self._with_room()) is None:
            loop = asyncio.get_running_loop()
            turn = loop.create_future()
            self._waiting.append(turn)
            now = time.monotonic()
            pauses = [one.pace.paused_until - now for one in self.all]
            pause = min((pause for pause in pauses if pause > 0), default=None)
            timer = loop.call_later(pause, _resolve, turn) if pause is not None else None
            try:
                await turn
            finally:
                if timer:
                    timer.cancel()
        replica.pace.begin()
        return replica

    def give_back(self, replica: Replica) -> None:
        replica.pace.in_flight -= 1

    def wake(self) -> None:
        """Let as many go on as there is room for."""
        now = time.monotonic()
        room = sum(
            max(0, int(one.pace.limit) - one.pace.in_flight)
            for one in self.all
            if one.pace.is_free(now)
        )
        while self._waiting and room > 0:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                room -= 1

    def _with_room(self) -> Replica | None:
        now = time.monotonic()
        free = [replica for replica in self.all if replica.pace.is_free(now)]
        if not free:
            return None
        return min(free, key=_load)


def _load(replica: Replica) -> tuple[bool, float]:
    """One that was gone comes last: it is tried again where the others are full."""
    return replica.gone_since is not None, replica.pace.in_flight / replica.pace.limit


def _resolve(turn: "asyncio.Future[None]") -> None:
    if not turn.done():
        turn.set_result(None)
