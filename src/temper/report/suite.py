"""The page of the suites: how well a model adds, in how many ways, and what sways it."""

from collections.abc import Mapping, Sequence
from typing import Any

from temper.report.figures import find_figure, find_figures, rate_in_words, tables_of
from temper.report.overload_chart import overload_chart, surprise_chart
from temper.report.page import render_page
from temper.report.suite_chart import suite_chart
from temper.store import Store

Row = Mapping[str, Any]
MOST_EXAMPLES = 6
"""Wrong answers shown of each suite."""


def suite_page(store: Store, results: Mapping[str, Any]) -> str:
    """The whole page as text."""
    figures = results["figures"]
    return render_page(
        "suite.html",
        {
            "suites": suite_chart(figures),
            "overload": overload_chart(figures),
            "surprise": surprise_chart(figures),
        },
        title="Arithmetic suites",
        headline=_headline(figures),
        results=results,
        tables=tables_of(figures),
        laws=_laws(figures),
        ends=_ends(figures),
        wrong=_wrong(store.judged_exchanges("suite/")),
    )


def _headline(figures: Sequence[Row]) -> str:
    """Clean sums, then the suite that does worst, in one sentence."""
    clean = find_figure(figures, "suite.accuracy", suite="clean")
    others = [
        figure
        for figure in find_figures(figures, "suite.accuracy")
        if "part" not in figure["by"]
        and figure["by"]["suite"] != "clean"
        and figure["value"] is not None
    ]
    parts: list[str] = []
    if clean and clean["value"] is not None:
        parts.append(f"Clean sums right: {rate_in_words(clean)}.")
    if others:
        worst = min(others, key=lambda figure: figure["value"])
        parts.append(f"The worst suite is {worst['by']['suite']}: {rate_in_words(worst)}.")
    return " ".join(parts) or "No answer could be read."


def _laws(figures: Sequence[Row]) -> list[dict[str, Any]]:
    """One row for each fitted curve: scale, exponent and floor."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for name in ("scale", "exponent", "floor"):
        for figure in find_figures(figures, f"overload.law.{name}"):
            key = figure["by"]["filler"], figure["by"]["suffix"]
            row = rows.setdefault(key, {"filler": key[0], "suffix": key[1], "note": figure["note"]})
            row[name] = figure
    return list(rows.values())


def _ends(figures: Sequence[Row]) -> list[str]:
    """Which curves end early, and why."""
    notes = {
        f"{figure['by']['filler']}: {figure['note']}"
        for figure in find_figures(figures, "overload.targeted")
        if figure["note"]
    }
    return sorted(notes)


def _wrong(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """A few wrong answers of each suite."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        if row["outcome"] == "hit" and row["measure"] != "arithmetic/targeted":
            mine = found.setdefault(row["stage"].removeprefix("suite/"), [])
            if len(mine) < MOST_EXAMPLES:
                mine.append(row)
    return found
