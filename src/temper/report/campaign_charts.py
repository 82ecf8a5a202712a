"""Charts over several targets as Vega-Lite specifications."""

from collections.abc import Mapping, Sequence
from typing import Any

from temper.report.charts import ATTACKERS, CUTS, Spec, finish, share_axis
from temper.report.figures import find_figures, is_total

Row = Mapping[str, Any]
RATE = ("value", "low", "high", "n", "unknown")


def success_chart(figures: Sequence[Row], aim: str, hit: str) -> Spec | None:
    """Success of the accepted attacks by target and attacker."""
    return _bars(figures, aim, hit, row="target", column="attacker", order=ATTACKERS)


def cut_chart(figures: Sequence[Row], aim: str, hit: str, cut: str) -> Spec | None:
    """Success of the accepted pirs attacks by target and one cut."""
    return _bars(figures, aim, hit, row="target", column=cut, order=CUTS.get(cut), attacker="pirs")


def _bars(
    figures: Sequence[Row],
    aim: str,
    hit: str,
    *,
    row: str,
    column: str,
    order: Sequence[str] | None,
    **facets: str,
) -> Spec | None:
    rows = [
        {key: figure[key] for key in RATE} | {key: str(figure["by"][key]) for key in (row, column)}
        for figure in find_figures(figures, aim, attacks="accepted", decoding="greedy", **facets)
        if column in figure["by"] and is_total(figure, column) and figure["value"] is not None
    ]
    if not rows:
        return None
    import altair as alt

    title = column.replace("_", " ")
    base = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y(f"{row}:N", title=None),
        yOffset=alt.YOffset(f"{column}:N", sort=list(order) if order else None),
        tooltip=[
            f"{row}:N",
            f"{column}:N",
            *[alt.Tooltip(f"{f}:Q", format=".3f") for f in ("value", "low", "high")],
            "n:Q",
            "unknown:Q",
        ],
    )
    bars = base.mark_bar(height={"band": 0.85}).encode(
        x=share_axis("value", hit),
        color=alt.Color(f"{column}:N", title=title, sort=list(order) if order else None),
    )
    return finish(bars + base.mark_rule(strokeWidth=1.5).encode(x="low:Q", x2="high:Q"))


def budget_chart(figures: Sequence[Row]) -> Spec | None:
    """Accepted attacks by queries spent, mean over the seeds."""
    rows = [
        {
            "target": figure["by"]["target"],
            "attacker": figure["by"]["attacker"],
            "queries": figure["by"]["max_queries"],
            "accepted": figure["value"],
        }
        for figure in find_figures(figures, "search.accepted")
        if "max_queries" in figure["by"]
    ]
    if not rows:
        return None
    import altair as alt

    chart = (
        alt.Chart(alt.Data(values=rows))
        .mark_line(point=True)
        .encode(
            x=alt.X("queries:Q", scale=alt.Scale(type="log"), title="queries to the target"),
            y=alt.Y("accepted:Q", title="accepted attacks, mean over seeds"),
            color=alt.Color("attacker:N", sort=ATTACKERS),
            strokeDash=alt.StrokeDash("target:N"),
            tooltip=["target:N", "attacker:N", "queries:Q", "accepted:Q"],
        )
    )
    return finish(chart)


def survival_chart(figures: Sequence[Row]) -> Spec | None:
    """Share of searches still without an accepted attack, by queries spent (Kaplan-Meier)."""
    rows: list[dict[str, Any]] = []
    for figure in find_figures(figures, "attack.without_hit"):
        by = figure["by"]
        point = {"search": f"{by['target']}, {by['attacker']}", "attacker": by["attacker"]}
        if not any(row["search"] == point["search"] for row in rows):
            rows.append({**point, "queries": 0, "without": 1.0})
        rows.append({**point, "queries": by["queries"], "without": figure["value"]})
    if not rows:
        return None
    import altair as alt

    chart = (
        alt.Chart(alt.Data(values=rows))
        .mark_line(interpolate="step-after")
        .encode(
            x=alt.X("queries:Q", title="queries to the target"),
            y=alt.Y("without:Q", title="searches without a hit", axis=alt.Axis(format="%")),
            color=alt.Color("attacker:N", sort=ATTACKERS),
            detail="search:N",
            tooltip=["search:N", "queries:Q", alt.Tooltip("without:Q", format=".0%")],
        )
    )
    return finish(chart)
