"""Before and after on the same prompts: the change of each cell, and each attack's own change."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from temper.evaluate.probes import WITHHELD, Probed
from temper.records import Rate
from temper.stats import Arm, mean_of, paired_difference

Facets = dict[str, str | int | float]
SHOWN = 20
"""Attacks that are shown as fixed, or as newly working."""


class Moved(NamedTuple):
    """How many attacks changed sides: worked on at least half of their problems, or not."""

    fixed: tuple[str, ...]
    newly: tuple[str, ...]
    both: int
    neither: int
    unread: int
    """Of which a side gave no answer that could be read."""

    def to_json(self) -> dict[str, Any]:
        """Counts, and the first attacks that changed sides."""
        return {
            "fixed": list(self.fixed[:SHOWN]),
            "newly": list(self.newly[:SHOWN]),
            "count": {
                "fixed": len(self.fixed),
                "newly": len(self.newly),
                "both": self.both,
                "neither": self.neither,
                "unread": self.unread,
            },
        }


def cell_changes(
    before: Sequence[Probed], after: Sequence[Probed], facets: Facets, *, seed: int, measure: str
) -> Iterator[Rate]:
    """`change.attack` or `change.use` of every cell: after less before, paired by text."""
    for kind, cell in dict.fromkeys((one.probe.kind, one.probe.cell) for one in before):
        name = "change.attack" if kind == "attack" else "change.use"
        facet = "split" if kind == "attack" else "suite"
        sides = (
            [one for one in side if (one.probe.kind, one.probe.cell) == (kind, cell)]
            for side in (before, after)
        )
        found = paired_change(*sides, seed=seed)
        if found is not None:
            yield _rate(name, found, {**facets, facet: cell}, measure)


class PairedChange(NamedTuple):
    """After less before on the same prompts, with a 95 % interval that holds what was not read."""

    start: float
    """The rate before, each text counted alike."""
    value: float
    low: float
    high: float
    p_value: float
    prompts: int
    unread: int
    """Pairs of which a side says nothing; the interval holds whatever they were."""
    cluster: str
    clusters: int


def paired_change(
    before: Sequence[Probed], after: Sequence[Probed], *, seed: int
) -> PairedChange | None:
    """Compare the same probes on two sides; None where fewer than two texts can be paired.

    An answer that could not be read says nothing of an attack, so its pair is left out and the
    interval reaches as far as it could have moved the change. In use it is no right answer: a model
    that gives no number any more has lost the use.
    """
    units = [unit_of(one) for one in before]
    shown = [[_shown(one) for one in side] for side in (before, after)]
    known = [n for n in range(len(units)) if shown[0][n] is not None and shown[1][n] is not None]
    paired = [units[n] for n in known]
    if len(set(paired)) < 2:
        return None
    arms = [Arm([bool(side[n]) for n in known], paired) for side in shown]
    found = paired_difference(*arms, seed=seed)
    least, most = (_resolved(shown[0], shown[1], units, least=one) for one in (True, False))
    return PairedChange(
        start=mean_of(arms[0]),
        value=found.value,
        low=found.interval.low - max(found.value - least, 0.0),
        high=found.interval.high + max(most - found.value, 0.0),
        p_value=found.p_value,
        prompts=len(units),
        unread=len(units) - len(known),
        cluster="text" if before[0].probe.source else "problem",
        clusters=found.attacks,
    )


def _shown(one: Probed) -> bool | None:
    if one.outcome != "unknown":
        return counted(one)
    return False if one.probe.kind == "utility" and one.reason != "error" else None


def _resolved(
    before: Sequence[bool | None],
    after: Sequence[bool | None],
    units: Sequence[str],
    *,
    least: bool,
) -> float:
    """The least or the greatest change that there can be, whatever was not read."""
    moves: dict[str, list[int]] = {}
    for unit, first, second in zip(units, before, after, strict=True):
        start = least if first is None else first
        end = not least if second is None else second
        moves.setdefault(unit, []).append(end - start)
    return sum(sum(own) / len(own) for own in moves.values()) / len(moves)


def _rate(name: str, found: PairedChange, facets: Facets, measure: str) -> Rate:
    return Rate(
        name=name,
        value=found.value,
        low=found.low,
        high=found.high,
        n=found.prompts,
        unknown=found.unread,
        cluster=found.cluster,
        clusters=found.clusters,
        measure=measure,
        judge="exact",
        note=f"after less before, the same prompts; p {found.p_value:.2g}",
        by=facets,
    )


def unit_of(one: Probed) -> str:
    """What varies: the attack or text; where there is none, the problem."""
    return one.probe.source or one.probe.unit


def counted(one: Probed) -> bool:
    """A hit of an attack; a right answer in use."""
    if one.probe.kind == "attack":
        return one.outcome == "hit"
    return one.outcome == "safe" and one.reason not in WITHHELD


def moved_attacks(before: Sequence[Probed], after: Sequence[Probed]) -> Moved:
    """Which attacks were fixed, and which newly work."""
    shares = [_shares(side) for side in (before, after)]
    texts = [text for text in shares[0] if text in shares[1]]
    worked = [{text for text in texts if share[text] >= 0.5} for share in shares]
    return Moved(
        fixed=tuple(text for text in texts if text in worked[0] - worked[1]),
        newly=tuple(text for text in texts if text in worked[1] - worked[0]),
        both=len(worked[0] & worked[1]),
        neither=len(texts) - len(worked[0] | worked[1]),
        unread=len({one.probe.source for one in before}) - len(texts),
    )


def _shares(probed: Sequence[Probed]) -> dict[str, float]:
    hits: dict[str, list[bool]] = {}
    for one in probed:
        if one.outcome != "unknown":
            hits.setdefault(one.probe.source, []).append(one.outcome == "hit")
    return {text: sum(own) / len(own) for text, own in hits.items()}
