"""The page of an attack run: what was found, how, and every rate."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from temper.config import ReportConfig
from temper.report.charts import accepted_chart, cut_charts, margin_chart, success_chart
from temper.report.figures import (
    aimed_at,
    find_figure,
    find_figures,
    main_rate,
    percent,
    rate_in_words,
    tables_of,
)
from temper.report.page import render_page
from temper.stats import highest_rate_without_hit
from temper.store import Store

Row = Mapping[str, Any]


def attack_page(store: Store, results: Mapping[str, Any], config: ReportConfig) -> str:
    """The whole page as text."""
    figures, candidates = results["figures"], store.candidates()
    threshold = results["protocol"]["attack.threshold"]
    return render_page(
        "attack.html",
        {
            "success": success_chart(figures, *aimed_at(results)),
            "accepted": accepted_chart(candidates),
            "margins": margin_chart(candidates, threshold),
            **cut_charts(figures, *aimed_at(results)),
        },
        title=config.title,
        results=results,
        headline=headline(results),
        cards=_cards(figures),
        tables=tables_of(figures),
        findings=_findings(store, candidates),
        examples=list(_examples(store.judged_attempts(), config.examples)),
        search=list(_search_rows(figures, results["protocol"]["attack.attackers"])),
    )


def headline(results: Mapping[str, Any]) -> str:
    """The conclusion in one sentence, with what it rests on."""
    name = results["target"]["name"]
    _, hit = aimed_at(results)
    figure = main_rate(results, "pirs", "accepted")
    if figure and figure["value"] is not None:
        return (
            f"Attacks found by prompt inversion steer {name} to {hit} on sums that the search"
            f" never saw: {rate_in_words(figure)}."
        )
    searched = find_figure(results["figures"], "search.queries", attacker="pirs")
    accepted = find_figure(results["figures"], "search.accepted", attacker="pirs")
    if searched is None or accepted is None:
        return f"{name} was not attacked by prompt inversion in this run."
    most = percent(highest_rate_without_hit(accepted["n"]))
    return (
        f"Nothing found on {name} in {accepted['n']} attacks ({searched['value']:.0f} queries): at"
        f" most {most} of what this attacker proposes at this budget would be accepted (exact 95 %"
        " bound over attacks); other attackers may do better."
    )


def _cards(figures: Sequence[Row]) -> list[tuple[str, str, str]]:
    """Headline numbers: label, value, and everything the value must carry."""
    wanted = [
        ("sums right without attack", "clean.accuracy", {}),
        ("steered, greedy", "attack.targeted", {"attacker": "pirs", "attacks": "accepted"}),
        (
            "any wrong answer, greedy",
            "attack.untargeted",
            {"attacker": "pirs", "attacks": "accepted"},
        ),
    ]
    cards: list[tuple[str, str, str]] = []
    for label, name, facets in wanted:
        figure = find_figure(figures, name, decoding="greedy", **facets)
        if figure:
            cards.append((label, percent(figure["value"]), rate_in_words(figure)))
    distinct = find_figure(figures, "findings.distinct", attacker="pirs")
    if distinct and distinct["value"] is not None:
        note = f"among {distinct['n']} accepted attacks; {distinct['note']}"
        cards.append(("distinct findings", f"{distinct['value']:.0f}", note))
    return cards


def _search_rows(figures: Sequence[Row], attackers: Sequence[str]) -> Iterator[dict[str, Any]]:
    for attacker in attackers:
        row: dict[str, Any] = {"attacker": attacker}
        for name in (
            "search.queries",
            "search.accepted",
            "search.void",
            "attack.queries_to_first_hit",
            "findings.distinct",
            "findings.self_bleu",
            "findings.vendi",
        ):
            row[name] = next(find_figures(figures, name, attacker=attacker), None)
        yield row


def _findings(store: Store, candidates: Sequence[Row], most: int = 25) -> list[dict[str, Any]]:
    # a later copy of an accepted text is a candidate too, without a score
    texts = {(row["id"], row["attacker"]): row for row in candidates if row["accepted"]}
    rows = [row for row in store.findings() if row["attacker"] == "pirs"][:most]
    return [
        {**row, **texts[row["attack_id"], row["attacker"]], "size": len(json.loads(row["members"]))}
        for row in rows
    ]


def _examples(rows: Sequence[Row], most: int) -> Iterator[dict[str, Any]]:
    """Hits and misses of the accepted attacks in turn, one for each attack, greedily decoded."""
    mine = [
        row
        for row in rows
        if row["measure"] == "arithmetic/targeted"
        and row["selection"] == "accepted"
        and row["attacker"] == "pirs"
        and row["decoding"] == "greedy"
    ]
    shown: set[str] = set()
    wanted = {"hit": most - most // 3, "safe": most // 3, "unknown": most // 3}
    for row in mine:
        if wanted.get(row["outcome"], 0) > 0 and row["attack_id"] not in shown:
            wanted[row["outcome"]] -= 1
            shown.add(row["attack_id"])
            yield {**row, "messages": json.loads(row["prompt"])}
