"""A server that follows a script, faults included: for tests and benchmarks of whatever calls one.

It speaks just enough HTTP/1.1 to be kept alive, costs little, and can do what no sound server
does: hang, break off in the middle, or close the connection.
"""

import asyncio
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Literal, Self

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scripted:
    """One answer."""

    body: Json | str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict[str, str])
    delay: float = 0.0
    cut: Literal["", "reset", "truncate", "hang"] = ""
    """Close without an answer, send half of the body, or never answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request as it came in."""

    method: str
    path: str
    headers: dict[str, str]
    body: Json


Script = Callable[[Call], Scripted]


class ScriptedServer:
    """Answers on a free port of this machine, in a thread, for as long as the context lasts."""

    def __init__(self, script: Script, *, keep_calls: bool = True) -> None:
        self._script, self._keep = script, keep_calls
        self.calls: list[Call] = []
        self.count = self.in_flight = self.peak = 0
        self.url = ""
        """The base, with /v1."""
        self._loop = asyncio.new_event_loop()
        self.transports: set[asyncio.Transport] = set()

    def __enter__(self) -> Self:
        started: asyncio.Future[asyncio.Server] = self._loop.create_future()

        async def start() -> None:
            listening = await self._loop.create_server(lambda: _Connection(self), "127.0.0.1", 0)
            started.set_result(listening)

        self._loop.run_until_complete(start())
        self._server = started.result()
        port = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}/v1"
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop)
        self._thread.join(timeout=5)
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    def _stop(self) -> None:
        self._server.close()
        for transport in list(self.transports):
            transport.abort()
        self._loop.call_later(0.01, self._loop.stop)

    def answer(self, call: Call) -> Scripted:
        self.count += 1
        self.in_flight += 1
        self.peak = max(self.peak, self.in_flight)
        if self._keep:
            self.calls.append(call)
        return self._script(call)


class _Connection(asyncio.Protocol):
    """One kept-alive connection; requests on it come one after the other."""

    def __init__(self, server: ScriptedServer) -> None:
        self._server, self._raw = server, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._server.transports.add(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._server.transports.discard(self._transport)

    def data_received(self, data: bytes) -> None:
        self._raw += data
        head, found, rest = self._raw.partition(b"\r\n\r\n")
        if not found:
            return
        first, *lines = head.decode("latin-1").split("\r\n")
        pairs = (line.partition(":") for line in lines)
        headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
        length = int(headers.get("content-length", 0))
        if len(rest) < length:
            return
        self._raw = rest[length:]
        method, path, _ = first.split(" ", 2)
        body = json.loads(rest[:length]) if length else {}
        self._answer(
            self._server.answer(Call(method=method, path=path, headers=headers, body=body))
        )

    def _answer(self, answer: Scripted) -> None:
        if answer.cut == "hang":
            self._server.in_flight -= 1
        elif answer.delay:
            asyncio.get_running_loop().call_later(answer.delay, self._send, answer)
        else:
            self._send(answer)

    def _send(self, answer: Scripted) -> None:
        self._server.in_flight -= 1
        if answer.cut == "reset":
            self._transport.abort()
            return
        text = answer.body if isinstance(answer.body, str) else json.dumps(answer.body)
        raw = text.encode("utf-8", "surrogatepass")
        kind = "application/json" if not isinstance(answer.body, str) else "text/plain"
        headers = {"content-type": kind, "content-length": str(len(raw)), **answer.headers}
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        head = f"HTTP/1.1 {answer.status} -\r\n{lines}\r\n".encode("latin-1")
        if answer.cut == "truncate":
            self._transport.write(head + raw[: len(raw) // 2])
            self._transport.close()
        else:
            self._transport.write(head + raw)
