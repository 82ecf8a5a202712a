"""Whether attacks found on one target work on others: the transfer matrix as figures."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from temper.arithmetic.oracle import ANY, TARGETED
from temper.evaluate.rates import proportion
from temper.records import Rate

Row = Mapping[str, Any]
NAMES = {"transfer.targeted": TARGETED, "transfer.untargeted": ANY}


def transfer_rates(rows: Sequence[Row]) -> Iterator[Rate]:
    """For each target and decoding: by source of the attacks, then by source and attacker.

    The control, no attack at all, has no source.
    """
    for target in _distinct(rows, "target"):
        for decoding in ("greedy", "default"):
            here = [row for row in rows if (row["target"], row["decoding"]) == (target, decoding)]
            facets = {"target": target, "split": "unseen", "decoding": decoding}
            yield from _both(here, {**facets, "source": "", "attacker": "none"})
            for source in _distinct([row for row in here if row["source"]], "source"):
                mine = [row for row in here if row["source"] == source]
                yield from _both(mine, {**facets, "source": source, "attacker": "all"})
                attackers = _distinct(mine, "attacker")
                for attacker in attackers if len(attackers) > 1 else []:
                    yield from _both(mine, {**facets, "source": source, "attacker": attacker})


def _both(rows: Sequence[Row], facets: Mapping[str, str]) -> Iterator[Rate]:
    """Steered to the chosen answer, and to any wrong one, over the rows of these facets."""
    attacker = facets["attacker"]
    mine = [
        row
        for row in rows
        if row["source"] == facets["source"] and attacker in ("all", row["attacker"])
    ]
    for name, measure in NAMES.items():
        part = [row for row in mine if row["measure"] == measure]
        if part:
            yield proportion(name, part, dict(facets))


def _distinct(rows: Sequence[Row], key: str) -> list[str]:
    return sorted({row[key] for row in rows})
