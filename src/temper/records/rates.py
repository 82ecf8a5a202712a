"""A figure with all that a reader needs to trust it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A figure of results.json with all a reader needs to trust it. Missing is None, never 0."""

    name: str
    value: float | None
    low: float | None = None
    high: float | None = None
    """95 % interval that respects `cluster`."""
    n: int = 0
    """Attempts behind the value, unknown ones included, void ones not."""
    unknown: int = 0
    bounds: tuple[float, float] | None = None
    """The rate if every unknown were safe, and if every one were a hit; None without unknowns."""
    void: int = 0
    cluster: str | None = None
    """The unit that varies independently, e.g. "attack"."""
    clusters: int | None = None
    measure: str | None = None
    judge: str | None = None
    """"exact" for an oracle, else how the measure was checked; None where no judge is involved."""
    corrected: float | None = None
    """The rate after correction by an audit; None where there was none or none is needed."""
    corrected_low: float | None = None
    corrected_high: float | None = None
    audited: int = 0
    """Attempts of this rate whose truth was checked."""
    circular: str | None = None
    """Why this judge alone proves nothing: it was trained on, or rewarded, what it judges."""
    note: str | None = None
    by: Mapping[str, str | int | float] = field(default_factory=dict[str, str | int | float])

    def to_json(self) -> dict[str, Any]:
        """A flat, JSON-safe object; floats at six digits."""
        row: dict[str, Any] = {name: getattr(self, name) for name in self.__slots__}
        row["bounds"] = None if self.bounds is None else [_six(end) for end in self.bounds]
        for name in ("value", "low", "high", "corrected", "corrected_low", "corrected_high"):
            row[name] = _six(row[name])
        row["by"] = dict(self.by)
        return row


def _six(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.6g}")
