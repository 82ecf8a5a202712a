"""From synchronous callers to asynchronous calls: an event loop in a thread of its own.

A thread, because callers may sit inside an event loop already, as every notebook does.
"""

import asyncio
import os
import threading
import weakref
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
_END: Any = object()
UNREAD = 64
"""So many results may lie unread before more is begun: a killed program loses what it did not read.
"""
BEHIND_SECONDS = 0.005


class _Quit(Exception):
    """Work asked to end the program; raised in the loop itself, that would end the loop unheard."""

    def __init__(self, asked: BaseException) -> None:
        super().__init__(repr(asked))
        self.asked = asked


class Crossing:
    """Runs coroutines for a synchronous caller; the loop starts with the first of them.

    Whoever opens something inside the loop puts what closes it into `closers`.
    """

    def __init__(self) -> None:
        self.closers: list[Callable[[], Coroutine[Any, Any, None]]] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._process = 0
        self._starting = threading.Lock()

    def run(self, coroutine: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(coroutine, self._running()).result()

    def stream(
        self, work: Callable[[Item], Awaitable[Result]], items: Iterable[Item], at_once: int
    ) -> Iterator[Result]:
        """Results in order of completion; an item is taken only when there is room for it.

        Raises:
            Exception: the first that `work` or `items` raised; what was under way is dropped.
        """
        results: SimpleQueue[Any] = SimpleQueue()
        feeding = asyncio.run_coroutine_threadsafe(
            _feed(work, iter(items), at_once, results), self._running()
        )
        try:
            while (result := results.get()) is not _END:
                yield result
            _raise_what_ended(feeding)
        finally:
            feeding.cancel()

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._starting:
            # a forked child has the loop, but not the thread that ran it
            if self._loop is None or self._process != os.getpid():
                self._loop, self._process = asyncio.new_event_loop(), os.getpid()
                thread = threading.Thread(
                    target=_run, args=(self._loop,), name="temper", daemon=True
                )
                thread.start()
                weakref.finalize(self, _stop, self._loop, thread, self.closers, self._process)
            return self._loop


def _raise_what_ended(feeding: "Future[None]") -> None:
    try:
        feeding.result()
    except _Quit as quit:
        raise quit.asked from None


def _run(loop: asyncio.AbstractEventLoop) -> None:
    try:
        loop.run_forever()
    finally:
        loop.close()


def _stop(
    loop: asyncio.AbstractEventLoop,
    thread: threading.Thread,
    closers: list[Callable[[], Coroutine[Any, Any, None]]],
    process: int,
) -> None:
    if process != os.getpid():
        return  # a fork's copy: loop and connections are its parent's

    async def close_all() -> None:
        try:
            for close in closers:
                await close()
        finally:
            loop.stop()

    asyncio.run_coroutine_threadsafe(close_all(), loop)
    # the garbage collector may call this on the loop's own thread, which cannot wait for itself
    if thread is not threading.current_thread():
        thread.join(timeout=5)


async def _feed(
    work: Callable[[Any], Awaitable[Any]],
    items: Iterator[Any],
    at_once: int,
    results: "SimpleQueue[Any]",
) -> None:
    room = asyncio.Semaphore(at_once)

    async def one(item: Any) -> None:
        try:
            results.put(await work(item))
        except (KeyboardInterrupt, SystemExit) as error:
            raise _Quit(error) from error
        finally:
            room.release()

    try:
        async with asyncio.TaskGroup() as group:
            while True:
                await room.acquire()
                while results.qsize() > max(at_once, UNREAD):
                    await asyncio.sleep(BEHIND_SECONDS)
                item = next(items, _END)
                if item is _END:
                    break
                group.create_task(one(item))
    except BaseExceptionGroup as errors:
        raise _first(errors) from None
    finally:
        results.put(_END)


def _first(errors: BaseExceptionGroup[Any]) -> BaseException:
    error: BaseException = errors
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
