"""Accuracy of every suite as a Vega-Lite specification."""

from collections.abc import Mapping, Sequence
from typing import Any

from temper.report.charts import Spec, finish
from temper.report.figures import find_figures

Row = Mapping[str, Any]


def suite_chart(figures: Sequence[Row]) -> Spec | None:
    """Share of right answers, each suite's total above its parts, with intervals."""
    rows = [
        {
            "suite": " · ".join(filter(None, (figure["by"]["suite"], figure["by"].get("part")))),
            "kind": "part" if "part" in figure["by"] else "suite",
            **{key: figure[key] for key in ("value", "low", "high", "n", "unknown")},
        }
        for figure in find_figures(figures, "suite.accuracy")
        if figure["value"] is not None
    ]
    if not rows:
        return None
    import altair as alt

    base = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y("suite:N", sort=None, title=None, axis=alt.Axis(labelLimit=260)),
        tooltip=[
            "suite:N",
            *[alt.Tooltip(f"{f}:Q", format=".3f") for f in ("value", "low", "high")],
            "n:Q",
            "unknown:Q",
        ],
    )
    bars = base.mark_bar(height={"band": 0.8}).encode(
        x=alt.X(
            "value:Q",
            title="right answers",
            scale=alt.Scale(domain=[0, 1]),
            axis=alt.Axis(format="%"),
        ),
        color=alt.Color(
            "kind:N",
            title=None,
            legend=None,
            scale=alt.Scale(domain=["suite", "part"], range=["#4a6fa5", "#b9c7dc"]),
        ),
    )
    whiskers = base.mark_rule(color="#333").encode(x="low:Q", x2="high:Q")
    return finish(bars + whiskers)
