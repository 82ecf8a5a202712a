"""Whether attacks on a concern work on other targets, and whether other measures agree."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from temper.evaluate.truth_audit import audited_by_truth
from temper.records import Rate
from temper.stats import clustered_proportion

Row = Mapping[str, Any]
NAME = "transfer.failure_rate"
CIRCULAR = "the attacks were found by this measure"


def concern_transfer(
    rows: Sequence[Row], judges: Sequence[str], truth: str | None, circles: Mapping[str, set[str]]
) -> Iterator[Rate]:
    """For each target and judge: no attack, then by source of the attacks, then by attacker.

    Args:
        rows: judged attempts of a replay.
        judges: names of measures, as the verdicts have them, in the order to show.
        truth: the one among them that is exact, if any; the others' rates are corrected by it.
        circles: by judge, the targets whose attacks were found by it.
    """
    for target in dict.fromkeys(row["target"] for row in rows):
        here = [row for row in rows if row["target"] == target]
        for source in ["", *sorted({row["source"] for row in here if row["source"]})]:
            mine = [row for row in here if row["source"] == source]
            found = sorted({row["attacker"] for row in mine})
            groups = ["none"] if not source else ["all", *(found if len(found) > 1 else [])]
            for attacker in groups:
                part = [row for row in mine if attacker in ("all", row["attacker"])]
                facets = {"target": target, "source": source, "attacker": attacker}
                yield from _by_judge(part, judges, truth, circles, facets)


def _by_judge(
    rows: Sequence[Row],
    judges: Sequence[str],
    truth: str | None,
    circles: Mapping[str, set[str]],
    facets: Mapping[str, str],
) -> Iterator[Rate]:
    truths = {row["id"]: row["outcome"] == "hit" for row in rows if row["measure"] == truth}
    for judge in judges:
        mine = [row for row in rows if row["measure"] == judge]
        if not mine:
            continue
        known = [row for row in mine if row["outcome"] != "unknown"]
        rate = _rate(mine, known, {**facets, "judge": judge, "split": "fresh"}, judge == truth)
        if facets["source"] in circles.get(judge, ()):
            rate["circular"] = CIRCULAR
        figure = Rate(**rate)
        if judge != truth and truths:
            known = [row for row in known if row["id"] in truths]
            figure = audited_by_truth(
                figure,
                [row["outcome"] == "hit" for row in known],
                [truths[row["id"]] for row in known],
                _units(known),
                seed=0,
            )
        yield figure


def _rate(
    rows: Sequence[Row], known: Sequence[Row], by: Mapping[str, str], exact: bool
) -> dict[str, Any]:
    hits = [row["outcome"] == "hit" for row in known]
    value = low = high = clusters = None
    if hits:
        value, (low, high), clusters = clustered_proportion(hits, _units(known))
    unknown = len(rows) - len(known)
    return {
        "name": NAME,
        "value": value,
        "low": low,
        "high": high,
        "n": len(rows),
        "unknown": unknown,
        "bounds": (sum(hits) / len(rows), (sum(hits) + unknown) / len(rows)) if unknown else None,
        "cluster": "attack" if by["source"] else "draw",
        "clusters": clusters,
        "measure": by["judge"],
        "judge": "exact" if exact else "learned",
        "by": by,
    }


def _units(rows: Sequence[Row]) -> list[str]:
    """What varies independently: attacks, or where nobody attacks the draws."""
    return [row["attack_id"] if row["source"] else row["exchange_id"] for row in rows]
