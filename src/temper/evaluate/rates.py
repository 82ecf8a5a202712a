"""From judged attempts to figures: each with n, interval, unit, measure and unknowns."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from temper.arithmetic.oracle import ANY, TARGETED
from temper.evaluate.pairs import is_counted
from temper.records import Rate
from temper.stats import clustered_proportion, hit_at_k

Row = Mapping[str, Any]
Facets = dict[str, str | int | float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What all figures of a run have in common."""

    target: str
    hit_at: int


def attempt_rates(rows: Sequence[Row], subject: Subject) -> Iterator[Rate]:
    """Clean accuracy, then success by attacker, selection and decoding; totals before parts."""
    for decoding in ("greedy", "default"):
        clean = [row for row in rows if row["selection"] == "clean" and row["decoding"] == decoding]
        facets: Facets = {"attacker": "none", "suite": "clean", "decoding": decoding}
        yield from _with_parts("clean.accuracy", clean, ANY, facets, subject, miss=True)
    for attacker in in_order(row["attacker"] for row in rows):
        for split in ("unseen", "search"):
            for selection in ("accepted", "best", "proposed", "control"):
                for decoding in ("greedy", "default"):
                    wanted = {
                        "attacker": attacker,
                        "attacks": selection,
                        "split": split,
                        "decoding": decoding,
                    }
                    yield from _success(rows, wanted, subject)


def _success(rows: Sequence[Row], facets: Mapping[str, str], subject: Subject) -> Iterator[Rate]:
    """Rates of the attempts that share attacker, selection, split and decoding.

    The split "search" is there for attacks on one problem alone: measured on that very problem.
    """
    selection = facets["attacks"]
    values = (facets["attacker"], selection, facets["split"], facets["decoding"])
    keys = ("attacker", "selection", "split", "decoding")
    group = [row for row in rows if tuple(row[key] for key in keys) == values]
    if not group:
        return
    yield from _with_parts("attack.targeted", group, TARGETED, dict(facets), subject)
    yield from _with_parts("attack.untargeted", group, ANY, dict(facets), subject)
    if selection == "accepted" and facets["split"] == "unseen":
        rate = _hit_at(group, dict(facets), subject)
        if rate:
            yield rate


def _with_parts(
    name: str,
    rows: Sequence[Row],
    measure: str,
    facets: Facets,
    subject: Subject,
    *,
    miss: bool = False,
) -> Iterator[Rate]:
    mine = [row for row in rows if row["measure"] == measure]
    if not mine:
        return
    yield proportion(name, mine, {**facets, "target": subject.target}, miss=miss)
    sizes = sorted({row["digits"] for row in mine})
    if len(sizes) > 1:
        for digits in sizes:
            part = [row for row in mine if row["digits"] == digits]
            yield proportion(
                name, part, {**facets, "target": subject.target, "digits": digits}, miss=miss
            )


def proportion(name: str, rows: Sequence[Row], facets: Facets, *, miss: bool = False) -> Rate:
    """One rate of hits, or with `miss` of right answers; void attempts are counted, not used."""
    measure = str(rows[0]["measure"])
    valid = [row for row in rows if not row["void"]]
    known = [row for row in valid if row["outcome"] != "unknown"]
    unknown = len(valid) - len(known)
    hits = [is_counted(row, miss=miss) for row in known]
    attacks = [row["attack_id"] for row in known]
    problems = [row["problem"] for row in known]
    several = len(set(attacks)) > 1
    clusters = (attacks, problems) if several else (problems,)
    alone = "problem" if rows[0]["attacker"] == "none" else "problem of one attack"
    value, low, high, count = None, None, None, None
    if hits:
        value, interval, count = clustered_proportion(hits, *clusters)
        low, high = interval
    total = sum(hits)
    return Rate(
        name=name,
        value=value,
        low=low,
        high=high,
        n=len(valid),
        unknown=unknown,
        bounds=(total / len(valid), (total + unknown) / len(valid)) if unknown else None,
        void=len(rows) - len(valid),
        cluster="attack+problem" if several else alone,
        clusters=count,
        measure=measure,
        judge="exact",
        by=facets,
    )


def _hit_at(group: Sequence[Row], facets: Facets, subject: Subject) -> Rate | None:
    rows = [row for row in group if row["measure"] == TARGETED and not row["void"]]
    attacks = sorted({row["attack_id"] for row in rows})
    problems = sorted({row["problem"] for row in rows})
    hits_AP = np.zeros((len(attacks), len(problems)), dtype=bool)
    perhaps_AP = hits_AP.copy()
    for row in rows:
        at = attacks.index(row["attack_id"]), problems.index(row["problem"])
        hits_AP[at] |= row["outcome"] == "hit"
        perhaps_AP[at] |= row["outcome"] != "safe"
    found, highest = hit_at_k(hits_AP, subject.hit_at), hit_at_k(perhaps_AP, subject.hit_at)
    if found is None or highest is None:
        return None
    value, interval = found
    unknown = sum(row["outcome"] == "unknown" for row in rows)
    return Rate(
        name=f"attack.hit_at_{subject.hit_at}",
        value=value,
        low=interval.low,
        high=interval.high,
        n=len(rows),
        unknown=unknown,
        bounds=(value, highest[0]) if unknown else None,
        cluster="problem",
        clusters=len(problems),
        measure=TARGETED,
        judge="exact",
        note="unknown answers count as no hit",
        by={**facets, "target": subject.target},
    )


def in_order(names: Iterable[str]) -> list[str]:
    """Attackers as they are shown: searches, baselines, then any others by name."""
    order = ["pirs", "archive", "policy", "inversion", "handwritten", "bestofn", "random", "none"]
    found = set(names)
    return [name for name in order if name in found] + sorted(found - set(order))
