"""What a reader must know before any figure, on every page and in every summary."""

from collections.abc import Mapping, Sequence
from typing import Any

from temper.report.figures import percent

Figure = Mapping[str, Any]


def said_first(results: Mapping[str, Any]) -> list[str]:
    """What comes before all else on a page: that a run is partial, then what its figures need."""
    partial = partial_warning(results)
    return [*([partial] if partial else []), *first_lines(results["figures"])]


def partial_warning(results: Mapping[str, Any]) -> str | None:
    """Said where a run was stopped early."""
    partial = results.get("partial")
    if not partial:
        return None
    return (
        f"PARTIAL: stopped early because {partial['reason']}; not finished:"
        f" {', '.join(partial['unfinished']) or 'nothing'}. The figures rest on what was answered"
        " until then. Run the same command again to go on, with a higher cap where one was reached."
    )


def first_lines(figures: Sequence[Figure]) -> list[str]:
    """What a reader must know before any figure: unknowns that matter, and circular judges."""
    lines = [unknown_warning(figures), circular_warning(figures)]
    return [line for line in lines if line]


def unknown_warning(figures: Sequence[Figure]) -> str | None:
    """Said first where unread answers could turn a rate around by ten points or more."""
    wide = [
        figure
        for figure in figures
        if figure["bounds"] and figure["bounds"][1] - figure["bounds"][0] >= 0.1
    ]
    if not wide:
        return None
    worst = max(wide, key=lambda figure: figure["bounds"][1] - figure["bounds"][0])
    low, high = worst["bounds"]
    kinds = (worst["by"].get(key) for key in ("attacker", "mitigation", "suite", "split"))
    named = ", ".join([worst["name"], *(str(kind) for kind in kinds if kind)])
    return (
        f"{_rates(wide, 'has', 'have')} so many unreadable answers that they could change the"
        f" conclusion; the widest ({named}) lies anywhere between {percent(low)}"
        f" and {percent(high)}."
    )


def circular_warning(figures: Sequence[Figure]) -> str | None:
    """Said first where a judge was part of what it judges."""
    stamped = [figure for figure in figures if figure.get("circular")]
    if not stamped:
        return None
    return (
        f"{_rates(stamped, 'is', 'are')} circular ({stamped[0]['circular']}): they say how"
        " far a judge was pleased, not how often the target failed."
    )


def _rates(figures: Sequence[Figure], one: str, several: str) -> str:
    if len(figures) == 1:
        return f"A rate below {one}"
    return f"{len(figures)} of the rates below {several}"
