"""The verdict on two finished runs, whose searches are fresh ones at equal budget."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from temper.evaluate.compare import HIGHER_IS_BETTER, Change
from temper.evaluate.verdict import Difference, Evidence, Verdict, verdict_on

FRESH = {"attacks": "proposed", "decoding": "greedy"}
"""What each side's attacker proposes, drawn at random: whether its search accepted it or not, so
that a search that finds little is not flattered by the little it finds."""
SEARCHERS = ("pirs", "policy", "inversion")


def run_verdict(changes: Sequence[Change], null: Mapping[str, Any] | None) -> Verdict:
    """One verdict; without a null run nobody knows what chance does to a search, and it says so.

    With one, the fresh searches' interval is widened by how far it lies from the first run: on
    simulated searches that is right in more than 95 of 100 (`benchmarks/compare_verdicts.py`).

    Args:
        changes: of all rates.
        null: results of the first side's protocol with another seed.
    """
    fresh = next((one for name in SEARCHERS for one in changes if _is_fresh(one, name)), None)
    null_row = _distance(fresh, null) if fresh and null else None
    uses = [
        _difference(one)
        for one in changes
        if one.name in HIGHER_IS_BETTER and one.by.get("decoding", "greedy") == "greedy"
    ]
    return verdict_on(
        Evidence(
            same=None,
            fresh=_widened(_difference(fresh), null_row or 0.0) if fresh else None,
            null=null_row,
            uses=uses,
        )
    )


def _is_fresh(change: Change, attacker: str) -> bool:
    by = {**FRESH, "attacker": attacker}
    return change.name == "attack.targeted" and all(change.by.get(k) == v for k, v in by.items())


def _difference(change: Change) -> Difference:
    what = change.by.get("suite") or change.by.get("attacker") or change.name
    return Difference(
        what=f"{change.name}, {what}",
        value=change.value,
        low=change.low,
        high=change.high,
        p_value=change.p_value,
    )


def _widened(fresh: Difference, by: float) -> Difference:
    return replace(fresh, low=fresh.low - by, high=fresh.high + by)


def _distance(fresh: Change, null: Mapping[str, Any]) -> float | None:
    """Between the first side's rate and the same rate of another search of it."""
    for figure in null["figures"]:
        by = {key: value for key, value in figure["by"].items() if key != "target"}
        if figure["name"] == fresh.name and by == fresh.by and figure["value"] is not None:
            return abs(figure["value"] - fresh.before["value"])
    return None
