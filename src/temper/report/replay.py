"""The page of a replay: which attacks carry over to which target."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from temper.report.figures import find_figures, rate_in_words, tables_of
from temper.report.page import render_page
from temper.report.transfer_chart import transfer_chart
from temper.store import Store

Row = Mapping[str, Any]
MOST_ATTACKS = 40


def replay_page(store: Store, results: Mapping[str, Any]) -> str:
    """The whole page as text."""
    figures = results["figures"]
    return render_page(
        "replay.html",
        {"transfer": transfer_chart(figures)},
        title="Replayed attacks",
        hidden_facets=("split",),
        results=results,
        headline=_headline(results),
        tables=tables_of(figures),
        differences=list(find_figures(figures, "transfer.difference", decoding="greedy")),
        targets=[target["name"] for target in results["targets"]],
        attacks=list(furthest(_steered(store.judged_attempts())))[:MOST_ATTACKS],
    )


def _headline(results: Mapping[str, Any]) -> str:
    """How far the attacks of each source carry, in one sentence."""
    found = [
        figure
        for figure in find_figures(
            results["figures"], "transfer.targeted", decoding="greedy", attacker="all"
        )
        if figure["value"] is not None and figure["by"]["source"] != figure["by"]["target"]
    ]
    if not found:
        return "The attacks were put to the target that they were found on only."
    best = max(found, key=lambda figure: figure["value"])
    worst = min(found, key=lambda figure: figure["value"])
    ways = [worst] if worst is best else [worst, best]
    parts = [
        f"{figure['by']['source']} to {figure['by']['target']} {rate_in_words(figure)}"
        for figure in ways
    ]
    return (
        "Attacks carry over to other targets, on problems that no search saw:"
        f" {'. At most: '.join(parts)}."
    )


def _steered(rows: Sequence[Row]) -> Iterator[Row]:
    for row in rows:
        if row["measure"] == "arithmetic/targeted" and row["decoding"] == "greedy":
            yield row


def furthest(rows: Iterable[Row]) -> Iterator[dict[str, Any]]:
    """Each attack with its share of hits on every target, those that carry furthest first.

    Args:
        rows: judged attempts of one measure; unknown outcomes and controls are left out.
    """
    hits: dict[tuple[str, str], dict[str, list[bool]]] = {}
    texts: dict[tuple[str, str], str] = {}
    for row in rows:
        if row["source"] and row["outcome"] != "unknown":
            key = row["attack_id"], row["source"]
            texts[key] = row["attack_text"]
            seen = hits.setdefault(key, {}).setdefault(row["target"], [])
            seen.append(row["outcome"] == "hit")
    shares = {
        key: {target: sum(seen) / len(seen) for target, seen in by_target.items()}
        for key, by_target in hits.items()
    }
    for key in sorted(shares, key=lambda key: (-min(shares[key].values()), key)):
        yield {"text": texts[key], "source": key[1], "shares": shares[key]}
