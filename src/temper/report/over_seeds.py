"""One figure over the runs of several seeds, from their results.json."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

Figure = Mapping[str, Any]
Facets = tuple[tuple[str, str | int | float], ...]


class Pooled(NamedTuple):
    """The mean of the seeds, an interval from their own intervals, and their range.

    Each seed's interval knows its attacks and problems, and the seeds count as independent, except
    where all seeds ask the same texts: there several seeds are no better than one. What a search
    that is made anew adds shows in the range alone.
    """

    value: float
    low: float
    high: float
    n: int
    unknown: int
    seeds: str

    def __str__(self) -> str:
        unknown = f", unknown {self.unknown}" if self.unknown else ""
        return (
            f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}] (n {self.n}{unknown};"
            f" seeds {self.seeds})"
        )


def pool(figures: Sequence[Figure]) -> Pooled | None:
    """One figure over its seeds; None where no seed has a value."""
    known = [one for one in figures if one["value"] is not None]
    if not known:
        return None
    value = sum(one["value"] for one in known) / len(known)

    def half(end: str) -> float:
        widths = [one[end] - one["value"] if one[end] is not None else 0.0 for one in known]
        if _shares_texts(known[0]):
            return sum(map(abs, widths)) / len(widths)
        return math.sqrt(sum(width**2 for width in widths)) / len(known)

    values = [one["value"] for one in known]
    spread = f"{min(values):.3f} to {max(values):.3f}"
    n, unknown = sum(one["n"] for one in figures), sum(one["unknown"] for one in figures)
    return Pooled(value, value - half("low"), value + half("high"), n, unknown, spread)


def _shares_texts(figure: Figure) -> bool:
    """Whether the seeds differ in problems only, not in templates, attacks or opinions."""
    return figure["name"].startswith("suite.") or figure["by"].get("split") == "ood"


def pooled(runs: Sequence[Mapping[str, Any]]) -> dict[tuple[str, Facets], Pooled]:
    """Every figure of the runs over their seeds, by name and facets without the target."""
    groups: dict[tuple[str, Facets], list[Figure]] = {}
    for run in runs:
        for figure in run["figures"]:
            by = {key: value for key, value in figure["by"].items() if key != "target"}
            groups.setdefault((figure["name"], tuple(sorted(by.items()))), []).append(figure)
    found = {key: pool(figures) for key, figures in groups.items()}
    return {key: value for key, value in found.items() if value is not None}
