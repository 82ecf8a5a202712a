"""The page of the ladder: what each mitigation stops, and what it costs."""

from collections.abc import Mapping, Sequence
from typing import Any

from temper.report.charts import Spec, finish
from temper.report.figures import find_figure, find_figures, rate_in_words, tables_of
from temper.report.page import render_page

Row = Mapping[str, Any]
SPLITS = {"same": "same attacks", "fresh": "fresh", "adaptive": "adaptive", "ood": "strange"}
ATTACKS = ("attack.targeted", "exploit.failure_rate")
COSTS = ("cost.calls", "cost.tokens", "cost.seconds")


def ladder_page(results: Mapping[str, Any]) -> str:
    """The whole page as text."""
    figures = results["figures"]
    rungs = ladder_rows(figures)
    return render_page(
        "ladder.html",
        {"ladder": _chart(figures)},
        title="The ladder of mitigations",
        headline=_headline(rungs),
        hidden_facets=("target",),
        results=results,
        rungs=rungs,
        splits=SPLITS,
        uses=use_names(figures),
        costs=COSTS,
        tables=tables_of(figures),
    )


def ladder_rows(figures: Sequence[Row]) -> list[dict[str, Any]]:
    """One row a rung: its figures by split, by suite and by cost."""
    rungs = dict.fromkeys(f["by"]["mitigation"] for f in figures if "mitigation" in f["by"])
    return [
        {
            "rung": rung,
            "attacks": {
                split: next(_attacks(figures, mitigation=rung, split=split), None)
                for split in SPLITS
            },
            "uses": {
                suite: find_figure(figures, "utility.accuracy", mitigation=rung, suite=suite)
                for suite in use_names(figures)
            },
            "withheld": find_figure(
                figures, "utility.withheld", mitigation=rung, suite=use_names(figures)[0]
            ),
            "costs": {name: find_figure(figures, name, mitigation=rung) for name in COSTS},
        }
        for rung in rungs
    ]


def use_names(figures: Sequence[Row]) -> list[str]:
    return list(dict.fromkeys(f["by"]["suite"] for f in find_figures(figures, "utility.accuracy")))


def _attacks(figures: Sequence[Row], **facets: Any) -> Any:
    for name in ATTACKS:
        yield from find_figures(figures, name, **facets)


def _headline(rungs: Sequence[Row]) -> str:
    """The rung that fresh attacks get through least, beside none at all."""
    if not rungs:
        return "No rung came to its end."
    found = [row for row in rungs if (row["attacks"]["fresh"] or {}).get("value") is not None]
    if not found:
        return "No attack was found to measure the rungs with."
    best, first = min(found, key=lambda row: _worst(row)["value"]), found[0]
    start = f"Searched attacks against {first['rung']} succeed: {rate_in_words(_worst(first))}."
    if best is first:
        return f"{start} No rung does better."
    clean = next(iter(best["uses"].values()))
    return (
        f"{start} Against {best['rung']}: {rate_in_words(_worst(best))}; plain questions answered"
        f" rightly there: {rate_in_words(clean)}."
    )


def _worst(row: Row) -> Row:
    """Success of the stronger search against this rung: plain, or speaking to the reviser."""
    found = (row["attacks"][split] for split in ("fresh", "adaptive"))
    known = [one for one in found if one and one["value"] is not None]
    return max(known, key=lambda figure: figure["value"])


def _chart(figures: Sequence[Row]) -> Spec | None:
    rows = [
        {
            "rung": figure["by"]["mitigation"],
            "attacks": SPLITS[figure["by"]["split"]],
            **{key: figure[key] for key in ("value", "low", "high", "n")},
        }
        for figure in _attacks(figures)
        if figure["value"] is not None
    ]
    if not rows:
        return None
    import altair as alt

    base = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y("rung:N", sort=None, title=None),
        yOffset=alt.YOffset("attacks:N", sort=list(SPLITS.values())),
        tooltip=[
            "rung:N",
            "attacks:N",
            *[alt.Tooltip(f"{f}:Q", format=".3f") for f in ("value", "low", "high")],
            "n:Q",
        ],
    )
    bars = base.mark_bar(height={"band": 0.85}).encode(
        x=alt.X(
            "value:Q",
            title="attempts that succeed",
            scale=alt.Scale(domain=[0, 1]),
            axis=alt.Axis(format="%"),
        ),
        color=alt.Color(
            "attacks:N",
            scale=alt.Scale(
                domain=list(SPLITS.values()), range=["#e3b7a3", "#b5482a", "#7a2414", "#8a8f98"]
            ),
        ),
    )
    return finish(bars + base.mark_rule(color="#333").encode(x="low:Q", x2="high:Q"))
