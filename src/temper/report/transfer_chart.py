"""The transfer matrix as a Vega-Lite specification."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from temper.report.charts import Spec, finish
from temper.report.figures import find_figures

Row = Mapping[str, Any]


def transfer_chart(figures: Sequence[Row]) -> Spec | None:
    """Steered share of the attacks of each source on each target, as a matrix with its numbers."""
    cells = find_figures(figures, "transfer.targeted", decoding="greedy", attacker="all")
    return matrix_chart(cells, "steered")


def matrix_chart(figures: Iterable[Row], title: str) -> Spec | None:
    """A rate for every source and target."""
    rows = [
        {**{key: figure["by"][key] for key in ("source", "target")}}
        | {key: figure[key] for key in ("value", "low", "high", "n")}
        for figure in figures
        if figure["value"] is not None
    ]
    if not rows:
        return None
    import altair as alt

    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X("target:N", title="put to", axis=alt.Axis(labelAngle=0, orient="top")),
        y=alt.Y("source:N", title="found on"),
        tooltip=[
            "source:N",
            "target:N",
            *[alt.Tooltip(f"{f}:Q", format=".3f") for f in ("value", "low", "high")],
            "n:Q",
        ],
    )
    cells = base.mark_rect().encode(
        color=alt.Color(
            "value:Q",
            title=title,
            scale=alt.Scale(domain=[0, 1], range=["#f3ece8", "#b5482a"]),
            legend=alt.Legend(format="%"),
        )
    )
    numbers = base.mark_text(fontSize=12).encode(
        text=alt.Text("value:Q", format=".0%"),
        color=alt.condition("datum.value > 0.6", alt.value("white"), alt.value("#333")),
    )
    return finish(cells + numbers)
