"""The report's charts as Vega-Lite specifications; Altair checks them, the page draws them."""

from collections.abc import Mapping, Sequence
from typing import Any

from temper.report.figures import find_figures, is_total

Row = Mapping[str, Any]
Spec = dict[str, Any]

ATTACKERS = ["pirs", "archive", "policy", "inversion", "handwritten", "bestofn", "random", "none"]
COLOURS = ["#b5482a", "#8c5a86", "#3f7f86", "#d99a4e", "#4a6fa5", "#6b9a7a", "#8a8f98", "#c3c7cd"]
WIDTH = 560


def success_chart(figures: Sequence[Row], aim: str, hit: str) -> Spec | None:
    """Steered share by attacker, accepted beside randomly drawn proposals."""
    rows = [
        {
            "attacker": figure["by"]["attacker"],
            "attacks": figure["by"]["attacks"],
            "rate": figure["value"],
            "low": figure["low"],
            "high": figure["high"],
            "n": figure["n"],
            "unknown": figure["unknown"],
        }
        for selection in ("accepted", "proposed", "control")
        for figure in find_figures(figures, aim, attacks=selection, decoding="greedy")
        if is_total(figure) and figure["value"] is not None
    ]
    if not rows:
        return None
    import altair as alt

    base = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y("attacker:N", sort=ATTACKERS, title=None),
        yOffset=alt.YOffset("attacks:N", sort=["accepted", "proposed", "control"]),
        tooltip=[
            "attacker:N",
            "attacks:N",
            *[alt.Tooltip(f"{f}:Q", format=".3f") for f in ("rate", "low", "high")],
            "n:Q",
            "unknown:Q",
        ],
    )
    bars = base.mark_bar(height={"band": 0.85}).encode(
        x=share_axis("rate", hit),
        color=alt.Color(
            "attacks:N",
            title="attacks",
            scale=alt.Scale(
                domain=["accepted", "proposed", "control"], range=["#b5482a", "#e3b7a3", "#8a8f98"]
            ),
        ),
    )
    whiskers = base.mark_rule(strokeWidth=1.5).encode(x="low:Q", x2="high:Q")
    return finish(bars + whiskers)


def accepted_chart(candidates: Sequence[Row]) -> Spec | None:
    """Accepted attacks so far against queries spent."""
    rows: list[dict[str, Any]] = []
    for attacker in ATTACKERS:
        found = 0
        mine = [row for row in candidates if row["attacker"] == attacker]
        rows += [{"attacker": attacker, "queries": 0, "accepted": 0}] if mine else []
        for place, row in enumerate(mine):
            found += row["accepted"]
            if row["accepted"] or place == len(mine) - 1:
                rows.append({"attacker": attacker, "queries": row["queries"], "accepted": found})
    if not rows:
        return None
    import altair as alt

    chart = (
        alt.Chart(alt.Data(values=rows))
        .mark_line(interpolate="step-after", strokeWidth=2)
        .encode(
            x=alt.X("queries:Q", title="queries to the target"),
            y=alt.Y("accepted:Q", title="accepted attacks"),
            color=alt.Color("attacker:N", scale=alt.Scale(domain=ATTACKERS, range=COLOURS)),
            tooltip=["attacker:N", "queries:Q", "accepted:Q"],
        )
    )
    return finish(chart)


def margin_chart(candidates: Sequence[Row], threshold: float) -> Spec | None:
    """Every scored candidate: its margin by round, with the threshold that was fixed beforehand."""
    rows = [
        {
            "attacker": row["attacker"],
            "round": row["round"],
            "margin": row["score"],
            "text": row["text"][:120],
        }
        for row in candidates
        if row["score"] is not None and row["attacker"] in ("pirs", "inversion")
    ]
    if not rows:
        return None
    import altair as alt

    chart = (
        alt.Chart(alt.Data(values=rows))
        .transform_calculate(outcome=f"datum.margin > {threshold!r} ? 'accepted' : 'rejected'")
        .mark_tick(thickness=1.5, opacity=0.7)
        .encode(
            x=alt.X("margin:Q", title="mean log p(wrong) − log p(right), nats"),
            y=alt.Y("round:O", title="round"),
            color=alt.Color(
                "outcome:N",
                title=None,
                scale=alt.Scale(domain=["accepted", "rejected"], range=["#b5482a", "#a9aeb6"]),
            ),
            row=alt.Row("attacker:N", title=None, sort=ATTACKERS),
            tooltip=[
                "attacker:N",
                "round:O",
                alt.Tooltip("margin:Q", format=".2f"),
                "text:N",
            ],
        )
    )
    return finish(chart)


CUTS = {"error_size": ["1", "2", "3-5", "6-10", ">10"], "family": None, "operator": None}
"""Facets that are drawn, with the order of their values; None: by the rate."""


def cut_charts(figures: Sequence[Row], aim: str, hit: str) -> dict[str, Spec]:
    """Success of the accepted pirs attacks, cut by size of error, family and operator."""
    return {
        f"cut-{cut}": chart
        for cut, order in CUTS.items()
        if (chart := _cut_chart(figures, aim, hit, cut, order))
    }


def _cut_chart(
    figures: Sequence[Row], aim: str, hit: str, cut: str, order: list[str] | None
) -> Spec | None:
    rows: list[dict[str, Any]] = [
        {"value": str(figure["by"][cut])}
        | {"rate": figure["value"], **{key: figure[key] for key in ("low", "high", "n", "unknown")}}
        for figure in find_figures(
            figures, aim, attacker="pirs", attacks="accepted", decoding="greedy"
        )
        if cut in figure["by"] and figure["value"] is not None
    ]
    if not rows:
        return None
    import altair as alt

    title = cut.replace("_", " ")
    ranked = [row["value"] for row in sorted(rows, key=lambda row: -row["rate"])]
    base = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y("value:N", sort=order or ranked, title=title),
        tooltip=[
            alt.Tooltip("value:N", title=title),
            *[alt.Tooltip(f"{f}:Q", format=".3f") for f in ("rate", "low", "high")],
            "n:Q",
            "unknown:Q",
        ],
    )
    bars = base.mark_bar(height={"band": 0.7}, color="#b5482a").encode(x=share_axis("rate", hit))
    return finish(bars + base.mark_rule(strokeWidth=1.5).encode(x="low:Q", x2="high:Q"))


def share_axis(field: str, hit: str) -> Any:
    """A horizontal axis from 0 to 100 %: how often the target was steered to `hit`."""
    import altair as alt

    scale = alt.Scale(domain=[0, 1])
    return alt.X(f"{field}:Q", title=f"steered to {hit}", scale=scale, axis=alt.Axis(format="%"))


def finish(chart: Any) -> Spec:
    """The specification with the page's width and looks."""
    return styled(chart.properties(width=WIDTH))


def styled(chart: Any) -> Spec:
    """The specification with the page's looks; several panels bring their own widths."""
    spec: Spec = chart.to_dict()
    spec["config"] = {
        "background": None,
        "font": "system-ui, sans-serif",
        "view": {"stroke": None},
        "axis": {
            "labelFontSize": 12,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
            "grid": False,
        },
        "legend": {"labelFontSize": 12, "titleFontWeight": "normal"},
    }
    return spec
