"""Say figures in words, never without n, interval, judge and unknowns."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from temper.stats import FEWEST_CLUSTERS

Figure = Mapping[str, Any]
OPTIONAL = ("digits", "round", "error_size", "family", "operator", "wrong", "max_queries", "part")
"""Facets of parts: a figure that lacks them is the total."""


def find_figures(figures: Sequence[Figure], name: str, **facets: Any) -> Iterator[Figure]:
    for figure in figures:
        by = figure["by"]
        if figure["name"] == name and all(by.get(key) == value for key, value in facets.items()):
            yield figure


def find_figure(figures: Sequence[Figure], name: str, **facets: Any) -> Figure | None:
    """The one figure of these facets; a part only where its facet is asked for."""
    for figure in find_figures(figures, name, **facets):
        if is_total(figure, *facets):
            return figure
    return None


def main_rate(results: Mapping[str, Any], attacker: str, attacks: str) -> Figure | None:
    """How often an attacker's attacks do what the search was after, decoded greedily.

    Where measuring stopped early, the rate whose range allows for that.
    """
    facets = {"attacker": attacker, "attacks": attacks, "decoding": "greedy"}
    aim, _ = aimed_at(results)
    names = ("attack.watched", aim)
    found = (find_figure(results["figures"], name, **facets) for name in names)
    return next((figure for figure in found if figure), None)


def is_total(figure: Figure, *facets: str) -> bool:
    """Whether the figure is cut in no way but these."""
    return not any(key in figure["by"] and key not in facets for key in OPTIONAL)


def aimed_at(results: Mapping[str, Any]) -> tuple[str, str]:
    """The rate that a search was after, and what a hit of it is called."""
    protocol = results["protocol"]
    aim = protocol["attack"]["aim"] if "attack" in protocol else protocol["attack.aim"]
    if aim == "untargeted":
        return "attack.untargeted", "a wrong answer"
    return "attack.targeted", "a chosen wrong answer"


def percent(value: float | None) -> str:
    """Enough digits to tell 0 from nearly 0 and 100 from nearly 100."""
    if value is None:
        return "–"
    digits = 1 if 0.1 <= value <= 0.9 or value in (0, 1) else 2
    return f"{100 * value:.{digits}f} %"


def rate_in_words(figure: Figure) -> str:
    """Say "94.0 % [90.1 %, 96.9 %]; n = 2000, 50 clusters (attack); judge exact; unknown 3"."""
    if figure["value"] is None:
        words = f"no figure: {figure['unknown']} of {figure['n']} answers could not be read"
        audited = figure.get("corrected") is not None
        return f"{words}; judge {judge_in_words(figure)}" if audited else words
    parts = [
        f"{percent(figure['value'])} [{percent(figure['low'])}, {percent(figure['high'])}]",
        f"n = {figure['n']}, {figure['clusters']} clusters ({figure['cluster']})"
        f"{few_clusters(figure)}",
        f"judge {judge_in_words(figure)}",
        f"unknown {figure['unknown']}",
    ]
    if figure["bounds"]:
        low, high = figure["bounds"]
        parts.append(f"between {percent(low)} and {percent(high)} with them")
    if figure["void"]:
        parts.append(f"void {figure['void']}")
    return "; ".join(parts)


def few_clusters(figure: Figure) -> str:
    """Say so where so few vary independently that the interval is rough."""
    few = figure["clusters"] is not None and figure["clusters"] < FEWEST_CLUSTERS
    return ", too few clusters" if few else ""


def judge_in_words(figure: Figure) -> str:
    """Say who judged, and what an audit made of it; stamp a judge that may not stand alone."""
    words = str(figure["judge"] or "none")
    if figure.get("corrected") is not None:
        low, high = percent(figure["corrected_low"]), percent(figure["corrected_high"])
        interval = f" [{low}, {high}]" if figure["corrected_low"] is not None else ", no interval"
        corrected = f"{percent(figure['corrected'])}{interval}"
        words += f", corrected to {corrected} by an audit of {figure['audited']}"
    elif figure["judge"] != "exact":
        words += ", uncorrected"
    return words + (f", CIRCULAR: {figure['circular']}" if figure.get("circular") else "")


def tables_of(figures: Sequence[Figure]) -> dict[str, list[Figure]]:
    """Every judged rate, by name; totals before parts as in results.json."""
    tables: dict[str, list[Figure]] = {}
    for figure in figures:
        if figure["measure"]:
            tables.setdefault(figure["name"], []).append(figure)
    return tables
