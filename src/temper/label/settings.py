"""What one call of `temper label` fixes for all who label."""

from collections.abc import Callable
from dataclasses import dataclass

Lookup = Callable[[str], str | None]
"""From an item's text to what may be unfolded beside it; None: nothing is known."""

CONTENT_NOTE = (
    "You are about to read what a language model wrote. Some of it may be false, rude or"
    " upsetting. You may blur texts, skip any of them, and stop at any time: what you did is kept."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Of one labelling server."""

    run: str = ""
    """Shown on every page."""
    queue: str = "label"
    """"label" or "audit": which of the run's queues is served."""
    guideline: str
    """The version to start from; changes made since are followed."""
    each: int = 1
    """Labels wanted for every item, of as many people."""
    lease: float = 600.0
    """Seconds after which an item that was shown and not labelled goes to others too."""
    entry_test: int = 0
    """Known items that everybody must answer first."""
    pass_mark: float = 0.8
    """Share of them to be answered as expected."""
    gold_every: int = 15
    """One hidden known item among so many, where there are any."""
    blur: bool = False
    """Texts are blurred until asked for."""
    content_note: str = CONTENT_NOTE
    then: str = ""
    """What to do when all is labelled: said where nothing is left."""
    lookup: Lookup | None = None
    """Where a reference comes from that the queue does not hold."""
    leads: tuple[str, ...] = ()
    """Who may change the guideline and adjudicate; empty: everybody on this machine."""
    seed: int = 0
