"""The curves of context overload as Vega-Lite specifications."""

from collections.abc import Mapping, Sequence
from typing import Any

from temper.report.charts import Spec, styled
from temper.report.figures import find_figures

Row = Mapping[str, Any]
FILLERS = ["false", "true", "other", "neutral"]
COLOURS = ["#b5482a", "#4a6fa5", "#d99a4e", "#8a8f98"]


def overload_chart(figures: Sequence[Row]) -> Spec | None:
    """Share of false answers by copies and filler, one panel a suffix, with bands."""
    return _curves(figures, "overload.targeted", "false answers", share=True)


def surprise_chart(figures: Sequence[Row]) -> Spec | None:
    """Mean -log p of the false answer, the quantity that the law is fitted to."""
    return _curves(figures, "overload.surprise", "-log p(false), nats", share=False)


def _curves(figures: Sequence[Row], name: str, title: str, *, share: bool) -> Spec | None:
    rows = [
        {
            **{key: figure["by"][key] for key in ("filler", "suffix", "n_copies")},
            **{key: figure[key] for key in ("value", "low", "high", "n")},
        }
        for figure in find_figures(figures, name)
        if figure["value"] is not None
    ]
    if not rows:
        return None
    import altair as alt

    scale = alt.Scale(domain=[0, 1]) if share else alt.Scale(type="symlog")
    axis = alt.Axis(format="%") if share else alt.Axis()
    base = alt.Chart().encode(
        x=alt.X("n_copies:Q", title="copies", scale=alt.Scale(type="log", base=2)),
        color=alt.Color(
            "filler:N",
            title="repeated",
            scale=alt.Scale(domain=FILLERS, range=COLOURS),
            legend=alt.Legend(symbolOpacity=1),
        ),
    )
    band = base.mark_area(opacity=0.18).encode(
        y=alt.Y("low:Q", title=title, scale=scale, axis=axis), y2="high:Q"
    )
    line = base.mark_line(point=True).encode(
        y=alt.Y("value:Q", title=title, scale=scale, axis=axis),
        tooltip=[
            "filler:N",
            "suffix:N",
            "n_copies:Q",
            *[alt.Tooltip(f"{f}:Q", format=".3f") for f in ("value", "low", "high")],
            "n:Q",
        ],
    )
    panels = (
        alt.layer(band, line, data=alt.Data(values=rows))
        .properties(width=250, height=180)
        .facet(
            facet=alt.Facet(
                "suffix:N", title="what follows the copies", sort=["all", "plain", "doubt", "trust"]
            ),
            columns=2,
        )
    )
    return styled(panels)
