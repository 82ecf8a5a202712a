"""The page of a learned measure: how well it tells failures, and whether its numbers are honest."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from temper.report.charts import Spec, finish
from temper.report.figures import find_figures, percent
from temper.report.page import render_page

Row = Mapping[str, Any]
OVERALL = ("measure.macro_recall", "measure.auroc", "measure.ece", "measure.brier")
PART = ("label", "features", "labels")
"""Facets of figures that are of a part, or of another classifier than the one that was kept."""


def measure_page(results: Row) -> str:
    """The whole page as text."""
    concern = results["concern"]
    return render_page(
        "measure.html",
        {
            "reliability": reliability_chart(results["reliability"]),
            "curve": curve_chart(results["curve"]),
            "features": features_chart(results["figures"]),
        },
        title=concern["text"] or "The learned measure",
        results=results,
        headline=headline(results),
        warning=_warning(results),
        cards=[
            (label, _number(figure), _rest(figure))
            for label, name in (
                ("macro recall, audit", "measure.macro_recall"),
                ("AUROC of failure, audit", "measure.auroc"),
                ("calibration error, audit", "measure.ece"),
                ("agreement of annotators", "agreement.alpha"),
            )
            if (figure := _overall(results["figures"], name, "audit"))
        ],
        explored=list(find_figures(results["figures"], "explore.failure_rate")),
        classes=list(class_rows(results["figures"], concern["labels"])),
        overall=list(overall_rows(results["figures"])),
    )


def headline(results: Row) -> str:
    """What it tells apart and how well, on items that it never saw."""
    figure = _overall(results["figures"], "measure.macro_recall", "audit")
    failure = " or ".join(results["concern"]["failure"])
    if figure is None:
        return f"A measure of {failure}; no item was audited, so nothing is known of its errors."
    return (
        f"On {figure['n']} audited items that it never saw, the measure recognises each label"
        f" {percent(figure['value'])} of the time on average"
        f" [{percent(figure['low'])}, {percent(figure['high'])}]; n = {figure['n']}; judge"
        f" {figure['judge']}; unknown {figure['unknown']}; failure: {failure}."
    )


def class_rows(figures: Sequence[Row], labels: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Recall and precision of each label on the audit slice and cross-validated, then of a hit."""
    for split in ("audit", "training"):
        for label in labels:
            row = _pair(figures, "recall", "precision", split, label)
            if row["recall"]:
                yield row | {"label": label}
        row = _pair(figures, "hit_recall", "hit_precision", split, "failure")
        if row["recall"]:
            yield row | {"label": "a hit, P(failure) over the threshold"}


def overall_rows(figures: Sequence[Row]) -> Iterator[Row]:
    for split in ("audit", "training"):
        for name in OVERALL:
            figure = _overall(figures, name, split)
            if figure:
                yield figure


def reliability_chart(bins: Sequence[Row]) -> Spec | None:
    """Said against seen, with a line where both are equal."""
    if not bins:
        return None
    import altair as alt

    rows = [
        {
            "said": row["said"],
            "seen": row["seen"],
            "low": row["interval"][0],
            "high": row["interval"][1],
            "n": row["n"],
        }
        for row in bins
    ]
    scale = alt.Scale(domain=[0, 1])
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X("said:Q", title="P(failure) as the measure says it", scale=scale),
        tooltip=[*[alt.Tooltip(f"{f}:Q", format=".3f") for f in ("said", "seen")], "n:Q"],
    )
    points = base.mark_point(filled=True, size=60, color="#b5482a", opacity=1).encode(
        y=alt.Y("seen:Q", title="share of failures seen", scale=scale)
    )
    whiskers = base.mark_rule(color="#b5482a", opacity=0.5).encode(y="low:Q", y2="high:Q")
    ends = alt.Chart(alt.Data(values=[{"said": 0, "seen": 0}, {"said": 1, "seen": 1}]))
    line = ends.mark_line(color="#8a8f98", strokeDash=[4, 4]).encode(x="said:Q", y="seen:Q")
    return finish(line + whiskers + points)


def curve_chart(points: Sequence[Row]) -> Spec | None:
    """Macro recall against the number of training labels."""
    if len(points) < 2:
        return None
    import altair as alt

    recalls = [point["macro_recall"] for point in points]
    # a curve that does not rise has no extent of its own to draw an axis by
    domain = [max(min(recalls) - 0.05, 0), min(max(recalls) + 0.05, 1)]
    chart = (
        alt.Chart(alt.Data(values=[dict(point) for point in points]))
        .mark_line(point=True, color="#b5482a", strokeWidth=2)
        .encode(
            x=alt.X("labels:Q", title="training labels", scale=alt.Scale(type="log")),
            y=alt.Y(
                "macro_recall:Q",
                title="macro recall, cross-validated",
                scale=alt.Scale(domain=domain, nice=True),
                axis=alt.Axis(format="%"),
            ),
            tooltip=["labels:Q", alt.Tooltip("macro_recall:Q", format=".3f")],
        )
    )
    return finish(chart)


def features_chart(figures: Sequence[Row]) -> Spec | None:
    """Every kind of features that was tried: where failures are readable."""
    rows = [
        {"features": figure["by"]["features"], "figure": label, "value": figure["value"]}
        for name, label in (
            ("measure.macro_recall", "macro recall"),
            ("measure.auroc", "AUROC of failure"),
        )
        for figure in find_figures(figures, name, split="training")
        if "features" in figure["by"]
    ]
    if len({row["features"] for row in rows}) < 2:
        return None
    import altair as alt

    chart = (
        alt.Chart(alt.Data(values=rows))
        .mark_point(filled=True, size=70)
        .encode(
            y=alt.Y("features:N", title=None),
            x=alt.X("value:Q", title="cross-validated", scale=alt.Scale(zero=False)),
            color=alt.Color("figure:N", title=None, scale=alt.Scale(range=["#4a6fa5", "#b5482a"])),
            tooltip=["features:N", "figure:N", alt.Tooltip("value:Q", format=".3f")],
        )
    )
    return finish(chart)


def _warning(results: Row) -> str | None:
    weak = [member for member in results["measure"]["members"] if member["below_floor"]]
    if not weak:
        return None
    floor = results["measure"]["recall_floor"]
    return (
        f"{len(weak)} of {len(results['measure']['members'])} members recognise a label less than"
        f" {percent(floor)} of the time on their left-out fold, also when trained again."
    )


def _overall(figures: Sequence[Row], name: str, split: str) -> Row | None:
    for figure in find_figures(figures, name):
        if figure["by"].get("split", split) == split and not set(PART) & set(figure["by"]):
            return figure
    return None


def _pair(
    figures: Sequence[Row], recall: str, precision: str, split: str, label: str
) -> dict[str, Any]:
    found = [
        next(find_figures(figures, f"measure.{name}", split=split, label=label), None)
        for name in (recall, precision)
    ]
    return {"split": split, "recall": found[0], "precision": found[1]}


def _number(figure: Row) -> str:
    return f"{figure['value']:.3f}"


def _rest(figure: Row) -> str:
    interval = "" if figure["low"] is None else f"[{figure['low']:.3f}, {figure['high']:.3f}]; "
    return f"{interval}n = {figure['n']}; judge {figure['judge']}; unknown {figure['unknown']}"
