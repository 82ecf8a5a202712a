"""Attacks of finished runs, pooled to be put to other targets."""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from temper.errors import ArtifactError
from temper.evaluate.attempts import Chosen
from temper.evaluate.choose import attack_of
from temper.run_folder import DATABASE, existing_run, finished_results
from temper.store import read_only


def pool_attacks(
    runs: Sequence[str], most: int, seed: int, *, reason: str | None = None
) -> list[Chosen]:
    """The accepted attacks of runs (of more than `most` a run, that many drawn at random).

    An attack carries the target that it was found on as its source. Found on the same target by
    several runs, it is in the pool once.

    Args:
        runs: folders, or names under runs/.
        most: of each run.
        seed: of the draw.
        reason: only those accepted for it: "fresh" for the prompts of finished attackers, which no
            training saw.

    Raises:
        ArtifactError: a run is missing, not finished, or accepted no attack at all.
    """
    pool: dict[tuple[str, str, str], Chosen] = {}
    for run in runs:
        folder = existing_run(run)
        source = _target_of(folder)
        accepted = _accepted(folder, reason)
        if len(accepted) > most:
            accepted = random.Random(f"{seed}/pool/{folder.name}").sample(accepted, most)
        for row in accepted:
            attack = attack_of(row)
            key = (attack.id, attack.attacker, source)
            pool.setdefault(key, Chosen(attack, "accepted", source))
    if not pool:
        raise ArtifactError(
            f"{', '.join(runs)}: no attack was accepted, so there is none to replay"
        )
    return list(pool.values())


def _target_of(folder: Path) -> str:
    target = finished_results(folder).get("target")
    if target is None:
        raise ArtifactError(
            f"{folder} is no search for attacks (a replay or a campaign): name runs of"
            " `temper attack`"
        )
    return str(target["name"])


def _accepted(folder: Path, reason: str | None) -> list[dict[str, Any]]:
    with read_only(folder / DATABASE) as store:
        rows = [row for row in store.candidates() if row["accepted"] and row["text"]]
    if reason is None:
        return rows
    return list({row["id"]: row for row in rows if row["reason"] == reason}.values())
