"""Two runs of one protocol on two targets: what changed, and whether chance could have done it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from temper.arithmetic.oracle import ANY, TARGETED
from temper.evaluate.unlike import facets_in_words
from temper.stats import (
    Arm,
    Interval,
    adjusted_p_values,
    independent_difference,
    paired_difference,
)

Row = Mapping[str, Any]
Results = Mapping[str, Any]
HIGHER_IS_BETTER = frozenset({"clean.accuracy", "suite.accuracy", "utility.accuracy"})
"""Of these a fall is worse; of all other rates a rise."""
MEASURES = {"attack.targeted": TARGETED, "attack.untargeted": ANY, "clean.accuracy": ANY}
"""Rates that rest on attempts, and so can be paired attack by attack."""
PARTS = frozenset({"digits", "round", "error_size", "family", "operator", "wrong", "max_queries"})
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
    """What was paired ("attack", "problem"), or "fresh searches": nothing was."""
    pairs: int
    p_value: float
    adjusted: float = 1.0
    """For the number of rates compared (Benjamini and Hochberg)."""

    @property
    def verdict(self) -> str:
        """`better`, `worse`, or `no change shown`."""
        if self.adjusted > TOLERATED:
            return "no change shown"
        return "better" if (self.value > 0) == (self.name in HIGHER_IS_BETTER) else "worse"

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "by": dict(self.by),
            "before": dict(self.before),
            "after": dict(self.after),
            **{key: float(f"{getattr(self, key):.6g}") for key in ("value", "low", "high")},
            "unit": self.unit,
            "pairs": self.pairs,
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


def left_out(before: Results, after: Results) -> list[str]:
    """The rates that are not compared, each with the reason."""
    lines: list[str] = []
    later = {_key(figure) for figure in _rates(after)}
    for figure in _rates(before):
        words = f"{figure['name']}: {facets_in_words(figure['by'])}"
        if figure.get("circular"):
            lines.append(f"{words}: circular, {figure['circular']}")
        elif figure["value"] is None:
            lines.append(f"{words}: no answer could be read")
        elif _key(figure) not in later:
            lines.append(f"{words}: only before")
    return lines


def _changes(before: Side, after: Side, seed: int) -> Iterator[Change]:
    later = {_key(figure): figure for figure in _usable(after.results)}
    for figure in _usable(before.results):
        other = later.get(_key(figure))
        if other is not None:
            yield _change(figure, other, before, after, seed)


def _change(figure: Row, other: Row, before: Side, after: Side, seed: int) -> Change:
    rows = _attempts(figure, before.attempts), _attempts(figure, after.attempts)
    unit = _unit(*rows)
    if unit is None:
        difference = independent_difference(*_with_interval(figure), *_with_interval(other))
        pairs = 0
    else:
        arms = [_arm(figure["name"], side, unit) for side in rows]
        difference = paired_difference(*arms, seed=seed)
        pairs = difference.attacks
    return Change(
        name=figure["name"],
        by=_facets(figure["by"]),
        before=figure,
        after=other,
        value=difference.value,
        low=difference.interval.low,
        high=difference.interval.high,
        unit=unit or "fresh searches",
        pairs=pairs,
        p_value=difference.p_value,
    )


def _with_interval(figure: Row) -> tuple[float, Interval]:
    return figure["value"], Interval(figure["low"], figure["high"])


def _attempts(figure: Row, attempts: Sequence[Row]) -> list[Row]:
    """The attempts that a rate counts."""
    by, measure = figure["by"], MEASURES.get(figure["name"])
    selection = by.get("attacks", by.get("suite"))
    return [
        row
        for row in attempts
        if row["measure"] == measure
        and (row["attacker"], row["selection"], row["decoding"])
        == (by.get("attacker"), selection, by.get("decoding"))
        and row["split"] == by.get("split", row["split"])
        and not row["void"]
        and row["outcome"] != "unknown"
    ]


def _unit(before: Sequence[Row], after: Sequence[Row]) -> str | None:
    """What can be paired: the same attacks, or the same problems behind one and the same attack."""
    attacks, later = ({row["attack_id"] for row in rows} for rows in (before, after))
    if not attacks or attacks != later:
        return None
    if len(attacks) > 1:
        return "attack"
    problems, later = ({row["problem"] for row in rows} for rows in (before, after))
    return "problem" if problems == later and len(problems) > 1 else None


def _arm(name: str, rows: Sequence[Row], unit: str) -> Arm:
    hits = [(row["outcome"] == "hit") != (name in HIGHER_IS_BETTER) for row in rows]
    return Arm(hits, [row["attack_id" if unit == "attack" else unit] for row in rows])


def _usable(results: Results) -> Iterator[Row]:
    for figure in _rates(results):
        known = figure["value"] is not None and figure["low"] is not None
        if known and not figure.get("circular"):
            yield figure


def _rates(results: Results) -> Iterable[Row]:
    """Judged rates of what the run was after, totals only; no rate of one attack alone.

    Parts, and the rate of any wrong answer where a chosen one was aimed at, would count twice.
    """
    targeted = results["protocol"].get("attack.aim") == "targeted"
    return (
        figure
        for figure in results["figures"]
        if figure["measure"]
        and not PARTS & set(figure["by"])
        and figure["by"].get("attacks") != "best"
        and ".hit_at_" not in figure["name"]
        and not (targeted and figure["name"] == "attack.untargeted")
    )


def _key(figure: Row) -> tuple[str, tuple[tuple[str, str], ...]]:
    facets = _facets(figure["by"])
    return figure["name"], tuple(sorted((key, str(value)) for key, value in facets.items()))


def _facets(by: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in by.items() if key != "target"}
