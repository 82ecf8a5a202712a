"""Measure attacks one batch after another, and stop when their rate is known well enough."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any, NamedTuple

import numpy as np

from temper.arithmetic.frames import Frame
from temper.arithmetic.oracle import ANY, TARGETED
from temper.arithmetic.problems import Problem
from temper.config import Config
from temper.evaluate.attempts import Chosen, Judged, measure_attacks
from temper.protocols import Target
from temper.records import Rate
from temper.stats import mean_sequence, watch_until_narrow

Row = Mapping[str, Any]
SUPERSEDED = "measuring stopped while looking: attack.watched has the range that allows for it"
BATCH = 10
"""Attacks between two looks."""


class Asking(NamedTuple):
    """Whom attacks are put to, and on what."""

    target: Target
    problems: Sequence[Problem]
    """Every attack meets all of them."""
    frame: Frame
    max_tokens: int


def measure_watched(
    asking: Asking, chosen: Sequence[Chosen], aim: str, width: float, seed: int
) -> list[Judged]:
    """Attempts of each attacker's accepted attacks, in random order, until that width.

    Args:
        asking: whom and on what.
        chosen: attacks of all selections; the accepted ones are taken.
        aim: "targeted" or "untargeted".
        width: of the whole interval of an attacker's greedy rate, in (0, 1).
        seed: of the order.
    """
    judged: list[Judged] = []
    for accepted in _by_attacker(chosen).values():
        order = random.Random(f"{seed}/watched").sample(accepted, len(accepted))
        looks = (shares for shares in _look_after_look(asking, order, aim, judged) if shares)
        first = next(looks, None)
        if first is not None:
            watch_until_narrow(chain([first], looks), width)
    return judged


def _look_after_look(
    asking: Asking, order: Sequence[Chosen], aim: str, judged: list[Judged]
) -> Iterator[list[float]]:
    """Each batch's shares of hits; its attempts are added to `judged`."""
    for start in range(0, len(order), BATCH):
        batch = list(
            measure_attacks(
                asking.target,
                order[start : start + BATCH],
                asking.problems,
                asking.frame,
                asking.max_tokens,
            )
        )
        judged.extend(batch)
        yield list(_shares(_rows(batch), _measure(aim)).values())


def watched_rates(
    rows: Sequence[Row], chosen: Sequence[Chosen], config: Config, target: str
) -> Iterator[Rate]:
    """For each attacker the mean over its attacks, with a range that holds at every look.

    Args:
        rows: judged attempts of the run.
        chosen: attacks that were to be measured.
        config: of the run; nothing comes back where it sets no width.
        target: name.
    """
    if config.measure.until_width is None:
        return
    wanted = {"selection": "accepted", "decoding": "greedy", "split": "unseen", "void": 0}
    wanted |= {"measure": _measure(config.attack.aim)}
    for attacker, accepted in _by_attacker(chosen).items():
        mine = [
            row
            for row in rows
            if row["attacker"] == attacker and all(row[key] == wanted[key] for key in wanted)
        ]
        by = {"attacker": attacker, "attacks": "accepted", "split": "unseen"}
        if mine:
            yield _watched(mine, len(accepted), {**by, "decoding": "greedy", "target": target})


def superseded(rates: Sequence[Rate], watched: Sequence[Rate]) -> list[Rate]:
    """The rates, noted where their range is for a number of attacks that was not fixed before."""
    replaced = {_place(one.by) for one in watched}
    return [
        replace(rate, note=SUPERSEDED)
        if rate.low is not None and _place(rate.by) in replaced
        else rate
        for rate in rates
    ]


def _place(by: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(by.get(key) for key in ("attacker", "attacks", "split", "decoding", "target"))


def _watched(rows: Sequence[Row], accepted: int, by: Mapping[str, str]) -> Rate:
    measure = str(rows[0]["measure"])
    shares = list(_shares(rows, measure).values())
    low_T, high_T = mean_sequence(np.array([shares]))
    unknown = sum(row["outcome"] == "unknown" for row in rows)
    hits = sum(row["outcome"] == "hit" for row in rows)
    problems = len({row["problem"] for row in rows})
    return Rate(
        name="attack.watched",
        value=float(np.mean(shares)) if shares else None,
        low=float(low_T[0]) if shares else None,
        high=float(high_T[0]) if shares else None,
        n=len(rows),
        unknown=unknown,
        bounds=(hits / len(rows), (hits + unknown) / len(rows)) if unknown else None,
        cluster="attack",
        clusters=len(shares),
        measure=measure,
        judge="exact",
        note=f"{len(shares)} of {accepted} accepted attacks were measured on the same"
        f" {problems} problems; the range is for new attacks on these, and holds at every look, so"
        " stopping early does not spoil it",
        by=by,
    )


def _by_attacker(chosen: Sequence[Chosen]) -> dict[str, list[Chosen]]:
    """The accepted attacks that may work on any problem."""
    found: dict[str, list[Chosen]] = {}
    for item in chosen:
        if item.selection == "accepted":
            found.setdefault(item.attack.attacker, []).append(item)
    return found


def _measure(aim: str) -> str:
    return TARGETED if aim == "targeted" else ANY


def _rows(batch: Sequence[Judged]) -> list[dict[str, Any]]:
    return [
        {"attack_id": attempt.attack_id, "measure": verdict.measure, "outcome": verdict.outcome}
        for attempt, verdicts in batch
        for verdict in verdicts
        if attempt.decoding == "greedy"
    ]


def _shares(rows: Sequence[Row], measure: str) -> dict[str, float]:
    """Share of hits of every attack, answers that could not be read left out."""
    hits: dict[str, list[bool]] = {}
    for row in rows:
        if row["measure"] == measure and row["outcome"] != "unknown":
            hits.setdefault(row["attack_id"], []).append(row["outcome"] == "hit")
    return {attack: sum(own) / len(own) for attack, own in hits.items()}
