"""How many calls one server gets at once: more while it goes well, fewer when it says so."""

from dataclasses import dataclass

START = 16
"""Calls in flight before anything is known about a server."""
LONGEST_WAIT = 300.0
"""Seconds that a server may ask us to wait; one that wants more has failed this request."""


@dataclass(slots=True)
class Pace:
    """Additive increase, multiplicative decrease, as TCP does it.

    Times are seconds on a monotonic clock, handed in. A 429 halves the limit, once for all the
    calls that were in flight together; a 5xx or a broken connection only keeps it from growing for
    a while, because it says nothing about the rate.
    """

    most: int
    limit: float = 0.0
    in_flight: int = 0
    paused_until: float = 0.0
    peak: int = 0
    """Most calls that were in flight together."""
    _cut: float = -1.0
    _no_growth_until: float = 0.0

    def __post_init__(self) -> None:
        self.limit = float(min(START, self.most))

    def is_free(self, now: float) -> bool:
        return self.in_flight < int(self.limit) and now >= self.paused_until

    def begin(self) -> None:
        self.in_flight += 1
        self.peak = max(self.peak, self.in_flight)

    def went_well(self, now: float) -> None:
        """Grow by one a call until the first 429, then by one a round of calls."""
        if now < self._no_growth_until or self.in_flight + 1 < int(self.limit):
            return
        step = 1.0 if self._cut < 0 else 1.0 / self.limit
        self.limit = min(float(self.most), self.limit + step)

    def throttled(self, started: float, now: float, wait: float) -> None:
        """The server answered 429 to a call that began at `started`: halve, and wait."""
        if started > self._cut:
            self.limit = max(1.0, self.limit / 2)
            self._cut = now
        self.paused_until = max(self.paused_until, now + min(wait, LONGEST_WAIT))

    def stumbled(self, now: float, wait: float) -> None:
        """The server or the connection failed: no growth for a while, no cut, a wait if asked."""
        self._no_growth_until = max(self._no_growth_until, now + max(1.0, wait))
        self.paused_until = max(self.paused_until, now + min(wait, LONGEST_WAIT))
