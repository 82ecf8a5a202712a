"""Figures of one target over several seeds: success, findings, what it took, what was missed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from temper.arithmetic.oracle import ANY, TARGETED
from temper.evaluate.cuts import parts_by
from temper.evaluate.missed import first_hit_rates, unseen_rates
from temper.evaluate.rates import Facets, proportion
from temper.records import Rate
from temper.text.similarity import cluster_findings

Row = Mapping[str, Any]
BUDGETS = (100, 1_000, 10_000)
MEASURES = (("attack.targeted", TARGETED), ("attack.untargeted", ANY))


def pooled_rates(runs: Sequence[Mapping[str, Any]]) -> Iterator[Rate]:
    """Every attacker of the runs; a run has target, seed, attempts and candidates."""
    attackers = list(dict.fromkeys(row["attacker"] for run in runs for row in run["candidates"]))
    for attacker in (one for one in attackers if one != "none"):
        facets: Facets = {"target": runs[0]["target"], "attacker": attacker}
        yield from _success(runs, facets)
        yield from _search(runs, facets)
        mine = [[row for row in run["candidates"] if row["attacker"] == attacker] for run in runs]
        yield from first_hit_rates([rows for rows in mine if rows], facets)
        yield from unseen_rates(mine, facets)


def _success(runs: Sequence[Mapping[str, Any]], facets: Facets) -> Iterator[Rate]:
    attempts = [
        {**row, "seed": run["seed"]}
        for run in runs
        for row in run["attempts"]
        if row["attacker"] == facets["attacker"] and row["selection"] != "clean"
    ]
    for selection in ("accepted", "proposed", "control"):
        for decoding in ("greedy", "default"):
            mine = [
                row
                for row in attempts
                if (row["selection"], row["decoding"]) == (selection, decoding)
            ]
            full: Facets = {
                **facets,
                "attacks": selection,
                "split": "unseen",
                "decoding": decoding,
            }
            yield from _both(mine, full, runs)
            if selection == "accepted" and decoding == "greedy":
                for budget in BUDGETS:
                    within = [row for row in mine if row["queries"] <= budget]
                    yield from _both(within, {**full, "max_queries": budget}, runs)
                for name in ("digits", "error_size", "family", "operator", "round"):
                    yield from parts_by(mine, name, full)


def _both(rows: Sequence[Row], facets: Facets, runs: Sequence[Mapping[str, Any]]) -> Iterator[Rate]:
    """Success over all seeds, with the range between seeds as a note.

    The interval is for new attacks of these searches: of two or three seeds there are too few to be
    clusters of their own, so the note says how far they lie apart.
    """
    for name, measure in MEASURES:
        part = [row for row in rows if row["measure"] == measure]
        if not part:
            continue
        seeds = [[row for row in part if row["seed"] == run["seed"]] for run in runs]
        rates = [proportion(name, own, facets).value for own in seeds if own]
        known = [rate for rate in rates if rate is not None]
        spread = f"seeds {100 * min(known):.1f} to {100 * max(known):.1f} %" if known else None
        yield replace(proportion(name, part, facets), note=spread)


def _search(runs: Sequence[Mapping[str, Any]], facets: Facets) -> Iterator[Rate]:
    """Accepted and distinct attacks of the seeds: mean, with the least and the most."""
    attacker = facets["attacker"]
    accepted = [
        [row for row in run["candidates"] if row["attacker"] == attacker and row["accepted"]]
        for run in runs
    ]
    texts = [[row["text"] for row in rows] for rows in accepted]
    distinct = [len(cluster_findings(part)) for part in texts]
    yield _over_seeds("search.accepted", [len(part) for part in texts], facets)
    yield _over_seeds("findings.distinct", distinct, facets)
    spent = max((row["queries"] for run in runs for row in run["candidates"]), default=0)
    for budget in (budget for budget in BUDGETS if budget < 10 * spent):
        counts = [sum(row["queries"] <= budget for row in rows) for rows in accepted]
        yield _over_seeds("search.accepted", counts, {**facets, "max_queries": budget})


def _over_seeds(name: str, counts: Sequence[int], facets: Facets) -> Rate:
    return Rate(
        name=name,
        value=sum(counts) / len(counts),
        n=len(counts),
        note=f"mean of {len(counts)} searches, {min(counts)} to {max(counts)}",
        by=facets,
    )
