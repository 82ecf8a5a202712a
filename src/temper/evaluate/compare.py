"""Two runs of one protocol on two targets: what changed, and whether chance could have done it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from temper.evaluate.comparable import Results, Row, facets_of, key_of, usable
from temper.evaluate.pairs import attempts_of, pair_arms
from temper.stats import (
    Interval,
    adjusted_p_values,
    independent_difference,
    paired_difference,
)

HIGHER_IS_BETTER = frozenset({"clean.accuracy", "suite.accuracy", "utility.accuracy"})
"""Of these a fall is worse; of all other rates a rise."""
OPEN = 0.1
"""What unknown answers may leave open of a change before it is said first."""
TOLERATED = 0.05
"""Share of false alarms among the changes that are called changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One rate before and after."""

    name: str
    by: Mapping[str, Any]
    before: Row
    after: Row
    value: float
    """After less before."""
    low: float
    high: float
    unit: str
    """What was paired ("attack", "problem"), or "not paired": nothing was."""
    pairs: int
    p_value: float
    possible: tuple[float, float] | None = None
    """What the change could be, whatever the unknown answers were; None without unknowns."""
    adjusted: float = 1.0
    """For the number of rates compared (Benjamini and Hochberg)."""

    @property
    def verdict(self) -> str:
        """`better`, `worse`, or `no change shown`."""
        if self.adjusted > TOLERATED:
            return "no change shown"
        return "better" if (self.value > 0) == (self.name in HIGHER_IS_BETTER) else "worse"

    @property
    def open(self) -> bool:
        """Whether unknown answers could undo the change, or hide one of ten points or more."""
        if self.possible is None:
            return False
        low, high = self.possible
        wide = high - low >= OPEN
        return wide if self.verdict == "no change shown" else low <= 0 <= high

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "by": dict(self.by),
            "before": dict(self.before),
            "after": dict(self.after),
            **{key: float(f"{getattr(self, key):.6g}") for key in ("value", "low", "high")},
            "unit": self.unit,
            "pairs": self.pairs,
            "possible": self.possible and [float(f"{end:.6g}") for end in self.possible],
            "open": self.open,
            "p_value": float(f"{self.p_value:.6g}"),
            "adjusted": float(f"{self.adjusted:.6g}"),
            "verdict": self.verdict,
        }


@dataclass(frozen=True, slots=True)
class Side:
    """A finished run: its results.json and its judged attempts."""

    results: Results
    attempts: Sequence[Row]


def changes(before: Side, after: Side, *, seed: int) -> list[Change]:
    """Every rate that both runs have, with p-values adjusted for how many there are.

    Rates whose judge is circular are left out: such a judge may only rank its own attacks.
    """
    found = list(_changes(before, after, seed))
    adjusted = adjusted_p_values([change.p_value for change in found])
    return [replace(one, adjusted=p) for one, p in zip(found, adjusted, strict=True)]


def _changes(before: Side, after: Side, seed: int) -> Iterator[Change]:
    later = {key_of(figure): figure for figure in usable(after.results)}
    for figure in usable(before.results):
        other = later.get(key_of(figure))
        if other is not None:
            yield _change(figure, other, before, after, seed)


def _change(figure: Row, other: Row, before: Side, after: Side, seed: int) -> Change:
    rows = (attempts_of(figure, side.attempts) for side in (before, after))
    paired = pair_arms(*rows, miss=figure["name"] in HIGHER_IS_BETTER)
    if paired is None:
        difference = independent_difference(*_with_interval(figure), *_with_interval(other))
        unit, pairs = "not paired", 0
    else:
        difference = paired_difference(paired.before, paired.after, seed=seed)
        unit, pairs = paired.unit, difference.attacks
    return Change(
        name=figure["name"],
        by=facets_of(figure["by"]),
        before=figure,
        after=other,
        value=difference.value,
        low=difference.interval.low,
        high=difference.interval.high,
        unit=unit,
        pairs=pairs,
        p_value=difference.p_value,
        possible=_possible(figure, other),
    )


def _possible(figure: Row, other: Row) -> tuple[float, float] | None:
    if not figure["bounds"] and not other["bounds"]:
        return None
    first, second = (one["bounds"] or (one["value"], one["value"]) for one in (figure, other))
    return second[0] - first[1], second[1] - first[0]


def _with_interval(figure: Row) -> tuple[float, Interval]:
    return figure["value"], Interval(figure["low"], figure["high"])
