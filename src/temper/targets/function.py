"""A Python function as a target: whatever takes a text and returns one."""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

from temper.errors import TargetError
from temper.protocols import Capabilities, Pooling
from temper.records import Reply, Request, content_id, estimated_tokens
from temper.targets.endpoint.crossing import Crossing

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Function = Callable[[str], str] | Callable[[str], Awaitable[str]]
QUIRKS = (
    "a function decides its own sampling: answers called greedy are drawn by it",
    "a function counts no tokens: they are estimated from characters",
)
NO_WEIGHING = ValueError("a function gives no log-probabilities")


class FunctionTarget:
    """Calls a function with the last message; what it raises is one unknown, not the end.

    Args:
        function: synchronous, or a coroutine function.
        name: what figures call it; None: the function's own name.
        version: change it when what the function does has changed, or its old answers are reused.
        at_once: calls at the same time; above 1 a synchronous function runs in threads.

    Raises:
        TargetError: no call at all may be made at the same time.
    """

    unit: int | None = None

    def __init__(
        self, function: Function, *, name: str | None = None, version: str = "", at_once: int = 1
    ) -> None:
        if at_once < 1:
            raise TargetError(f"at_once is {at_once}: at least 1 call must be made at a time")
        self._function, self._at_once, self._version = function, at_once, version
        self.name: str = name or getattr(function, "__name__", type(function).__name__)
        self._crossing = Crossing()

    @property
    def hash(self) -> str:
        """Name, version and, where it can be read, the function's source."""
        try:
            source = inspect.getsource(self._function)
        except (OSError, TypeError):
            source = ""
        return content_id("function", self.name, self._version, source)

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            name=self.name,
            kind="function",
            chat=True,
            scores=False,
            hidden=False,
            context_tokens=None,
            quirks=QUIRKS,
        )

    def generate(self, requests: Iterable[Request]) -> Iterator[Reply]:
        if self._at_once == 1 and not self._is_async:
            yield from map(self._ask, requests)
            return
        threads = ThreadPoolExecutor(self._at_once, "temper function")
        try:
            work = partial(self._reply, threads)
            yield from self._crossing.stream(work, requests, self._at_once)
        finally:
            threads.shutdown(wait=False, cancel_futures=True)

    def hidden(self, texts: Sequence[str], *, pooling: Pooling = "mean") -> "NDArray[np.float32]":
        raise TargetError(f"{self.name} is a function and has no hidden states")

    @property
    def _is_async(self) -> bool:
        call = type(self._function).__call__  # of an object that is called like a function
        return inspect.iscoroutinefunction(self._function) or inspect.iscoroutinefunction(call)

    def _ask(self, request: Request) -> Reply:
        """In the caller's own thread: the function may use what was opened there, and any loop."""
        if request.decoding is None:
            return _failed(request, NO_WEIGHING)
        started = time.perf_counter()
        try:
            result = self._function(request.prompt.last.text)
            if inspect.isawaitable(result):
                result = self._crossing.run(_awaited(result))
        except Exception as error:  # the function is the user's and may raise anything
            return _failed(request, error)
        return _answer(request, result, time.perf_counter() - started)

    async def _reply(self, threads: Executor, request: Request) -> Reply:
        if request.decoding is None:
            return _failed(request, NO_WEIGHING)
        text, started = request.prompt.last.text, time.perf_counter()
        try:
            if self._is_async:
                result = self._function(text)
            else:
                loop = asyncio.get_running_loop()
                result = await loop.run_in_executor(threads, self._in_thread, text)
            if inspect.isawaitable(result):
                result = await result
        except asyncio.CancelledError as error:
            task = asyncio.current_task()
            if task and task.cancelling():
                raise
            return _failed(request, error)  # the function's own, which would lose the request
        except Exception as error:  # the function is the user's and may raise anything
            return _failed(request, error)
        return _answer(request, result, (time.perf_counter() - started) / self._at_once)

    def _in_thread(self, text: str) -> object:
        try:
            return self._function(text)
        except StopIteration as error:  # no future can carry it: its caller would wait for ever
            raise RuntimeError("the function raised StopIteration") from error


async def _awaited(result: Awaitable[object]) -> object:
    return await result


def _answer(request: Request, text: object, seconds: float) -> Reply:
    if not isinstance(text, str):
        return _failed(request, TypeError(f"it returned {type(text).__name__}, not a text"))
    stops = request.decoding.stop if request.decoding else ()
    cuts = [text.index(stop) for stop in stops if stop in text]
    text = text[: min(cuts)] if cuts else text
    return Reply(
        request_id=request.id,
        text=text,
        tokens_in=estimated_tokens(message.text for message in request.prompt.messages),
        tokens_out=estimated_tokens([text]),
        seconds=seconds,
    )


def _failed(request: Request, error: BaseException) -> Reply:
    why = f"{type(error).__name__}: {error}"
    return Reply(request_id=request.id, finish="error", error=why)
