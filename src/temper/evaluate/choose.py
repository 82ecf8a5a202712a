"""Which attacks the final measurement puts to the target."""

import json
import random
from collections.abc import Mapping, Sequence
from typing import Any

from temper.config import Config
from temper.evaluate.attempts import Chosen
from temper.records import Attack


def choose_attacks(candidates: Sequence[Mapping[str, Any]], config: Config) -> list[Chosen]:
    """All accepted attacks (or a random draw of them), the best one, and a draw of the proposed."""
    chosen: list[Chosen] = []
    for attacker in config.attack.attackers:
        rng = random.Random(f"{config.run.seed}/choose/{attacker}")
        mine = [row for row in candidates if row["attacker"] == attacker and row["text"]]
        accepted = [row for row in mine if row["accepted"]]
        kept = accepted
        if len(accepted) > config.measure.max_attacks:
            kept = rng.sample(accepted, config.measure.max_attacks)
        chosen.extend(Chosen(attack_of(row), "accepted") for row in kept)
        if accepted:
            best = min(accepted, key=lambda row: (-row["score"], row["place"]))
            chosen.append(Chosen(attack_of(best), "best"))
        proposed = [row for row in mine if row["score"] is not None or row["void"]]
        drawn = rng.sample(proposed, min(config.measure.proposed, len(proposed)))
        chosen.extend(Chosen(attack_of(row), "proposed") for row in drawn)
    return chosen


def attack_of(row: Mapping[str, Any]) -> Attack:
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
