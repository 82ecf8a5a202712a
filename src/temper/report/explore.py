"""The page of an exploration: what the target says, and how few texts show it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from temper.report.charts import Spec, finish
from temper.report.figures import find_figure, find_figures, rate_in_words
from temper.report.page import render_page

Row = Mapping[str, Any]
COVERAGE = {
    "explore.clusters": ("clusters covered", "%.0f"),
    "explore.reach": ("distance to the nearest chosen text", "%.3f"),
    "explore.vendi": ("Vendi score", "%.1f"),
    "explore.distinct_2": ("distinct pairs of words", "%.3f"),
    "explore.self_bleu": ("Self-BLEU", "%.3f"),
}


def explore_page(results: Row) -> str:
    """The whole page as text."""
    figures = results["figures"]
    name = results["target"]["name"]
    kept, chosen = _count(figures, "explore.texts"), _chosen(results["clusters"])
    return render_page(
        "explore.html",
        {"clusters": cluster_chart(results["clusters"])},
        title=results["concern"] or f"What {name} says",
        results=results,
        headline=headline(results),
        cards=[
            ("responses drawn", f"{_count(figures, 'explore.drawn'):,.0f}", _source(results)),
            ("distinct texts", f"{kept:,.0f}", "after duplicates and fragments were thrown out"),
            ("chosen", f"{chosen:,}", f"from {len(results['clusters'])} clusters"),
        ],
        coverage=list(coverage_rows(figures)),
        rejections=_rejections(figures),
    )


def headline(results: Row) -> str:
    """What was drawn, what is left of it, and what stands for it, in one sentence."""
    figures = results["figures"]
    return (
        f"{_count(figures, 'explore.drawn'):,.0f} responses of {results['target']['name']} gave"
        f" {_count(figures, 'explore.texts'):,.0f} distinct texts;"
        f" {_chosen(results['clusters']):,} of them stand for {len(results['clusters'])} clusters."
    )


def coverage_rows(figures: Sequence[Row]) -> Iterator[dict[str, str]]:
    """The chosen subset beside random subsets of its size."""
    for name, (label, form) in COVERAGE.items():
        rows = list(find_figures(figures, name))
        mine = next((row for row in rows if row["by"]["subset"] != "random"), None)
        other = next((row for row in rows if row["by"]["subset"] == "random"), None)
        if mine and other:
            yield {
                "label": label,
                "chosen": form % mine["value"],
                "random": form % other["value"],
                "range": f"{form % other['low']} to {form % other['high']}",
                "note": mine["note"],
            }


def cluster_chart(clusters: Sequence[Row]) -> Spec | None:
    """Texts of each cluster, the largest first, and how many of them were chosen."""
    if not clusters:
        return None
    import altair as alt

    rows = [
        {
            "cluster": f"{row['cluster'] + 1} {', '.join(row['words'][:3])}",
            "texts": row["size"],
            "chosen": row["chosen"],
        }
        for row in clusters[:60]
    ]
    base = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y("cluster:N", sort=None, title=None, axis=alt.Axis(labelLimit=260)),
        tooltip=["cluster:N", "texts:Q", "chosen:Q"],
    )
    bars = base.mark_bar(height={"band": 0.75}, color="#c3c7cd").encode(
        x=alt.X("texts:Q", title="texts of the cluster; in red those chosen")
    )
    return finish(bars + base.mark_bar(height={"band": 0.75}, color="#b5482a").encode(x="chosen:Q"))


def _source(results: Row) -> str:
    protocol = results["protocol"]
    rounds = protocol["explore.rounds"]
    words = {"unprompted": "unprompted", "prompts": "from prompts", "openings": "from openings"}
    return words[protocol["explore.source"]] + (f", in {rounds} rounds" if rounds > 1 else "")


def _count(figures: Sequence[Row], name: str) -> float:
    figure = find_figure(figures, name)
    return figure["value"] if figure else 0


def _chosen(clusters: Sequence[Row]) -> int:
    return sum(row["chosen"] for row in clusters)


def _rejections(figures: Sequence[Row]) -> str | None:
    figure = find_figure(figures, "explore.false_rejections")
    return rate_in_words(figure) if figure else None
