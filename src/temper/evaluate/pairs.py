"""What two runs have in common: the same attacks, or the same problems behind one attack."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from temper.arithmetic.oracle import ANY, TARGETED
from temper.evaluate.probes import WITHHELD
from temper.stats import Arm

Row = Mapping[str, Any]
MEASURES = {"attack.targeted": TARGETED, "attack.untargeted": ANY, "clean.accuracy": ANY}
"""Rates that rest on attempts, and so can be paired attack by attack."""


class Paired(NamedTuple):
    unit: str
    """What was paired: "attack" or "problem"."""
    before: Arm
    after: Arm


def attempts_of(figure: Row, attempts: Sequence[Row]) -> list[Row]:
    """The attempts that a rate is about, those with an unknown outcome included."""
    by, measure = figure["by"], MEASURES.get(figure["name"])
    selection = by.get("attacks", by.get("suite"))
    return [
        row
        for row in attempts
        if row["measure"] == measure
        and (row["attacker"], row["selection"], row["decoding"])
        == (by.get("attacker"), selection, by.get("decoding"))
        and row["split"] == by.get("split", row["split"])
        and not row["void"]
    ]


def pair_arms(before: Sequence[Row], after: Sequence[Row], *, miss: bool) -> Paired | None:
    """Both sides' known outcomes, of the attacks or problems that are known on both.

    Args:
        before: attempts of one rate.
        after: of the same rate.
        miss: whether the rate is of right answers.

    Returns:
        None where the runs were not about the same attacks, or fewer than two can be paired.
    """
    unit = _unit(before, after)
    if unit is None:
        return None
    key = "attack_id" if unit == "attack" else unit
    known = [[row for row in side if row["outcome"] != "unknown"] for side in (before, after)]
    first, second = ({row[key] for row in side} for side in known)
    common = first & second
    if len(common) < 2:
        return None
    mine = ([row for row in side if row[key] in common] for side in known)
    arms = (
        Arm([is_counted(row, miss=miss) for row in side], [row[key] for row in side])
        for side in mine
    )
    return Paired(unit, *arms)


def is_counted(row: Row, *, miss: bool) -> bool:
    """Whether an attempt is one of those that a rate counts: hits, or right answers.

    A refusal is safe, but no right answer.
    """
    if not miss:
        return row["outcome"] == "hit"
    return row["outcome"] == "safe" and row.get("reason") not in WITHHELD


def _unit(before: Sequence[Row], after: Sequence[Row]) -> str | None:
    """The same attacks, or the same problems behind one and the same attack."""
    attacks, later = ({row["attack_id"] for row in rows} for rows in (before, after))
    if not attacks or attacks != later:
        return None
    if len(attacks) > 1:
        return "attack"
    problems, later = ({row["problem"] for row in rows} for rows in (before, after))
    return "problem" if problems == later and len(problems) > 1 else None
