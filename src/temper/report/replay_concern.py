"""The page of replayed attacks on a concern: who carries over to whom, by every judge."""

from collections.abc import Iterator, Mapping
from typing import Any

from temper.report.figures import find_figures, percent, tables_of
from temper.report.page import render_page
from temper.report.replay import MOST_ATTACKS, furthest
from temper.report.transfer_chart import matrix_chart
from temper.store import Store

Row = Mapping[str, Any]
KIND = "replay-concern"
RATE = "transfer.failure_rate"


def concern_replay_page(store: Store, results: Row) -> str:
    """The whole page as text."""
    figures, final = results["figures"], results["final"]
    mine = (row for row in store.judged_attempts() if row["measure"] == final)
    cells = find_figures(figures, RATE, judge=final, attacker="all")
    return render_page(
        "replay_concern.html",
        {"transfer": matrix_chart(cells, "failures")},
        title=f"Replayed attacks: {results['concern']}",
        hidden_facets=("split",),
        results=results,
        headline=concern_headline(results),
        rows=list(judged_rows(results)),
        judges=results["judges"],
        final=final,
        tables=tables_of(figures),
        differences=list(find_figures(figures, "transfer.difference")),
        targets=[target["name"] for target in results["targets"]],
        attacks=list(furthest(mine))[:MOST_ATTACKS],
    )


def concern_headline(results: Row) -> str:
    """How often the attacks lead to failures on each target, beside no attack at all."""
    parts: list[str] = []
    for row in judged_rows(results):
        figure = row["found"].get(results["final"])
        if row["source"] and row["attacker"] == "all" and figure and figure["value"] is not None:
            before = unattacked(results, row["target"])
            alone = f" (unprompted {percent(before['value'])})" if before else ""
            parts.append(
                f"found on {row['source']}, put to {row['target']}: {percent(figure['value'])}"
                f" [{percent(figure['low'])}, {percent(figure['high'])}]{alone}"
            )
    return f"Failures by {results['final']}: {'; '.join(parts) or 'nothing was answered yet'}."


def unattacked(results: Row, target: str) -> Row | None:
    facets = {"target": target, "source": "", "judge": results["final"]}
    found = find_figures(results["figures"], RATE, **facets)
    return next((one for one in found if one["value"] is not None), None)


def judged_rows(results: Row) -> Iterator[dict[str, Any]]:
    """A row for every target, source and attacker, with the rate by every judge."""
    order: dict[tuple[str, str, str], dict[str, Row]] = {}
    for figure in find_figures(results["figures"], RATE):
        by = figure["by"]
        order.setdefault((by["target"], by["source"], by["attacker"]), {})[by["judge"]] = figure
    for (target, source, attacker), found in order.items():
        yield {"target": target, "source": source, "attacker": attacker, "found": found}
