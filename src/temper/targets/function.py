"""A Python function as a target: whatever takes a text and returns one."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from temper.errors import TargetError
from temper.protocols import Capabilities, Pooling
from temper.records import Reply, Request, content_id
from temper.targets.endpoint.crossing import Crossing

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Function = Callable[[str], str] | Callable[[str], Awaitable[str]]


class FunctionTarget:
    """Calls a function with the last message; what it raises is one unknown, not the end.

    Args:
        function: synchronous, or a coroutine function.
        name: what figures call it; None: the function's own name.
        version: change it when what the function does has changed, or its old answers are reused.
        at_once: calls at the same time; above 1 a synchronous function runs in threads.
    """

    unit: int | None = None

    def __init__(
        self, function: Function, *, name: str | None = None, version: str = "", at_once: int = 1
    ) -> None:
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
            quirks=("a function decides its own sampling: answers called greedy are drawn by it",),
        )

    def generate(self, requests: Iterable[Request]) -> Iterator[Reply]:
        return self._crossing.stream(self._reply, requests, self._at_once)

    def hidden(self, texts: Sequence[str], *, pooling: Pooling = "mean") -> "NDArray[np.float32]":
        raise TargetError(f"{self.name} is a function and has no hidden states")

    async def _reply(self, request: Request) -> Reply:
        try:
            if request.decoding is None:
                raise ValueError("a function gives no log-probabilities")
            text = await self._call(request.prompt.last.text)
            if not isinstance(text, str):
                raise TypeError(f"it returned {type(text).__name__}, not a text")
        except Exception as error:  # the function is the user's and may raise anything
            why = f"{type(error).__name__}: {error}"
            return Reply(request_id=request.id, finish="error", error=why)
        cuts = [text.index(stop) for stop in request.decoding.stop if stop in text]
        return Reply(request_id=request.id, text=text[: min(cuts)] if cuts else text)

    async def _call(self, text: str) -> object:
        result = (
            self._function(text)
            if self._at_once == 1 or inspect.iscoroutinefunction(self._function)
            else await asyncio.to_thread(self._function, text)
        )
        return await result if inspect.isawaitable(result) else result
