"""Which attacks the final measurement puts to the target."""

import json
import random
from collections.abc import Mapping, Sequence
from typing import Any

from temper.config import Config
from temper.evaluate.attempts import Chosen
from temper.records import Attack

Row = Mapping[str, Any]


def choose_attacks(candidates: Sequence[Row], config: Config) -> list[Chosen]:
    """All accepted attacks (or a random draw of them), the best one, and a draw of the proposed."""
    chosen: list[Chosen] = []
    for attacker in config.attack.attackers:
        draw = f"{config.run.seed}/choose/{attacker}"
        mine = [row for row in candidates if row["attacker"] == attacker and row["text"]]
        accepted = [row for row in mine if row["accepted"]]
        kept = _shuffled(accepted, draw)[: config.measure.max_attacks]
        chosen.extend(Chosen(attack_of(row), "accepted") for row in kept)
        if accepted:
            best = min(accepted, key=lambda row: (-row["score"], row["place"]))
            chosen.append(Chosen(attack_of(best), "best"))
        proposed = [row for row in mine if row["score"] is not None or row["void"]]
        drawn = _shuffled(proposed, f"{draw}/proposed")[: config.measure.proposed]
        chosen.extend(Chosen(attack_of(row), "proposed") for row in drawn)
    return chosen


def _shuffled(rows: Sequence[Row], seed: str) -> list[Row]:
    """All of them: whoever takes the first few keeps these when more are taken later."""
    return random.Random(seed).sample(rows, len(rows))


def attack_of(row: Row) -> Attack:
    return Attack(
        text=row["text"],
        attacker=row["attacker"],
        operator=row["operator"],
        problem=row["problem"],
        message=row["message"],
        round=row["round"],
        parents=tuple(json.loads(row["parents"])),
        seed=row["seed"],
    )
