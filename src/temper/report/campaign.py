"""The page of a campaign: targets, attackers and seeds side by side."""

from collections.abc import Mapping, Sequence
from typing import Any

from temper.report.campaign_charts import (
    budget_chart,
    cut_chart,
    success_chart,
    survival_chart,
)
from temper.report.figures import aimed_at, find_figures, is_total, rate_in_words, tables_of
from temper.report.page import render_page
from temper.report.transfer_chart import transfer_chart

Row = Mapping[str, Any]
FOUND = (
    "search.accepted",
    "findings.distinct",
    "attack.queries_to_first_hit",
    "findings.estimated",
    "findings.coverage",
)


def campaign_page(results: Mapping[str, Any]) -> str:
    """The whole page as text."""
    figures = results["figures"]
    aim, hit = aimed_at(results)
    return render_page(
        "campaign.html",
        {
            "success": success_chart(figures, aim, hit),
            "budget": budget_chart(figures),
            "error_size": cut_chart(figures, aim, hit, "error_size"),
            "family": cut_chart(figures, aim, hit, "family"),
            "survival": survival_chart(figures),
            "transfer": transfer_chart(figures),
        },
        title="Arithmetic attacks on several targets",
        results=results,
        hidden_facets=("split",),
        headline=_headline(figures, aim, hit),
        tables=tables_of(figures),
        found=_found(figures),
    )


def _headline(figures: Sequence[Row], aim: str, hit: str) -> str:
    """How far prompt inversion came on each target, in one sentence."""
    rates = [
        figure
        for figure in find_figures(
            figures, aim, attacker="pirs", attacks="accepted", decoding="greedy"
        )
        if is_total(figure) and figure["value"] is not None
    ]
    if not rates:
        return "Prompt inversion found no attack that it accepted on any of these targets."
    parts = [f"{rate['by']['target']} in {rate_in_words(rate)}" for rate in rates]
    nothing = [
        figure["by"]["target"]
        for figure in find_figures(figures, "search.accepted", attacker="pirs")
        if figure["value"] == 0 and "max_queries" not in figure["by"]
    ]
    rest = f" Nothing was accepted on {', '.join(nothing)}." if nothing else ""
    return (
        f"Attacks found by prompt inversion steer to {hit} on problems that no search saw:"
        f" {'. '.join(parts)}.{rest}"
    )


def _found(figures: Sequence[Row]) -> list[dict[str, Any]]:
    """One row for each target and attacker: what was found, how soon, and what was missed."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for name in FOUND:
        for figure in find_figures(figures, name):
            by = figure["by"]
            key = by["target"], by["attacker"]
            row = rows.setdefault(key, {"target": key[0], "attacker": key[1]})
            row[f"{name}.{by.get('max_queries', 'all')}"] = figure
    return list(rows.values())
