"""Gather what clients ask at the same time into one pass through the model."""

import asyncio
import threading
import time
from concurrent.futures import Future
from queue import Empty, SimpleQueue

from temper.serving.asking import Ask, Refused
from temper.serving.engine import Choice, Engine

GATHER_SECONDS = 0.004
MOST = 64
_Waiting = tuple[Ask, "Future[list[Choice]]"]


class Batcher:
    """One worker thread owns the model; callers wait for their part of a batch."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._queue: SimpleQueue[_Waiting] = SimpleQueue()
        threading.Thread(target=self._work, name="temper model", daemon=True).start()

    async def answer(self, ask: Ask) -> list[Choice]:
        """The choices of one ask.

        Raises:
            Refused: it cannot be met.
        """
        future: Future[list[Choice]] = Future()
        self._queue.put((ask, future))
        return await asyncio.wrap_future(future)

    def _work(self) -> None:
        while True:
            batch = self._gather()
            try:
                results = self._engine.answer([ask for ask, _ in batch])
            except Exception as error:  # whatever torch raises: the server must go on
                results = [Refused(500, f"the model failed: {error}", "server_error")] * len(batch)
            for (_, future), result in zip(batch, results, strict=True):
                # a client may have gone away meanwhile
                if future.set_running_or_notify_cancel():
                    if isinstance(result, Refused):
                        future.set_exception(result)
                    else:
                        future.set_result(result)

    def _gather(self) -> list[_Waiting]:
        batch = [self._queue.get()]
        time.sleep(GATHER_SECONDS)
        while len(batch) < MOST:
            try:
                batch.append(self._queue.get_nowait())
            except Empty:
                break
        return batch
