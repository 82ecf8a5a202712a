"""How the part of a run that asks models came to its end: whole, or early with what was answered.

What follows the block makes do with that: it judges offline what was answered, or leaves out what
is not whole.
"""

from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

from temper.errors import Stopped

INTERRUPTED = "it was interrupted"
"""Why a run ended early, where it was Ctrl-C."""


class Ending:
    """Catches a cap that is reached (`Stopped`) and Ctrl-C; what else is raised passes."""

    def __init__(self) -> None:
        self.reason: str | None = None
        """Why it ended early; None: it did not."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if isinstance(error, Stopped):
            self.reason = str(error)
        elif isinstance(error, KeyboardInterrupt):
            self.reason = INTERRUPTED
        return self.reason is not None

    def partial(self, unfinished: Sequence[str]) -> dict[str, Any]:
        """What results.json says of it: nothing, or why it ended early and what is missing."""
        if self.reason is None:
            return {}
        return {"partial": {"reason": self.reason, "unfinished": list(unfinished)}}
