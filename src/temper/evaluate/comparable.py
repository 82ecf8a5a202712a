"""Which rates of two finished runs can be compared, and why the others cannot."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from temper.evaluate.unlike import facets_in_words
from temper.evaluate.watched import SUPERSEDED

Row = Mapping[str, Any]
Results = Mapping[str, Any]
PARTS = frozenset(
    {"digits", "round", "error_size", "family", "operator", "wrong", "max_queries", "part"}
)
NOT_READ = "no answer could be read"


def left_out(before: Results, after: Results) -> list[str]:
    """The rates that are not compared, each with the reason."""
    sides = [{key_of(figure): figure for figure in _rates(results)} for results in (before, after)]
    lines: list[str] = []
    for key in {**sides[0], **sides[1]}:
        found = [side[key] for side in sides if key in side]
        why = _reason(found) or ("only before" if key in sides[0] else "only after")
        if _reason(found) or len(found) == 1:
            lines.append(f"{key[0]}: {facets_in_words(facets_of(found[0]['by']))}: {why}")
    return lines


def unread(before: Results, after: Results) -> list[dict[str, Any]]:
    """Rates of which a side's answers could not be read, as changes of which nothing is known."""
    sides = [{key_of(figure): figure for figure in _rates(results)} for results in (before, after)]
    return [
        {
            "name": figure["name"],
            "by": facets_of(figure["by"]),
            **{"value": 0.0, "low": -1.0, "high": 1.0, "p_value": 1.0, "adjusted": 1.0},
        }
        for key, figure in sides[0].items()
        if key in sides[1] and _reason([figure, sides[1][key]]) == NOT_READ
    ]


def _reason(figures: Sequence[Row]) -> str | None:
    """Why none of these is compared, if so."""
    for figure in figures:
        if figure.get("circular"):
            return f"circular, {figure['circular']}"
        if figure["value"] is None or figure["low"] is None:
            return NOT_READ
        if figure.get("note") == SUPERSEDED:
            return SUPERSEDED
    return None


def usable(results: Results) -> Iterator[Row]:
    for figure in _rates(results):
        known = figure["value"] is not None and figure["low"] is not None
        if known and not figure.get("circular") and figure.get("note") != SUPERSEDED:
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
        and figure["by"].get("suffix", "all") == "all"
        and ".hit_at_" not in figure["name"]
        and not (targeted and figure["name"] == "attack.untargeted")
    )


def key_of(figure: Row) -> tuple[str, tuple[tuple[str, str], ...]]:
    facets = facets_of(figure["by"])
    return figure["name"], tuple(sorted((key, str(value)) for key, value in facets.items()))


def facets_of(by: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in by.items() if key != "target"}
