"""What two sides' attacks, fresh searches and use say together: one verdict, in words.

Attacks chosen on one side never carry it alone. A gain is real only if fresh searches at equal
budget against each side find less on the second one, by more than searches against one and the
same side differ.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from temper.stats import adjusted_p_values

Word = Literal[
    "real gain", "overfitted to these attacks", "traded for utility", "worse", "cannot tell"
]
TOLERATED = 0.05
USE_MARGIN = 0.02
"""A use that fell by less is no loss worth the name."""
HALF = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """After less before, with its 95 % interval, which holds what could not be read."""

    what: str
    value: float
    low: float
    high: float
    p_value: float
    adjusted: float = 0.0
    """p-value, adjusted for the number of differences that the verdict rests on."""
    start: float = 1.0
    """The rate before, in [0, 1]: further than this it cannot fall."""
    known: bool = True
    """Whether enough could be read to compare at all."""

    @property
    def is_rise(self) -> bool:
        return self.low > 0 and self.adjusted <= TOLERATED

    @property
    def is_fall(self) -> bool:
        return self.high < 0 and self.adjusted <= TOLERATED


def nothing_known(what: str) -> Difference:
    """Of what was asked, but too little could be read: anything may have happened."""
    return Difference(what=what, value=0.0, low=-1.0, high=1.0, p_value=1.0, known=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a verdict rests on."""

    same: Difference | None
    """Attacks chosen on the first side, on both sides, in pairs."""
    fresh: Difference | None
    """Success of the best attacks of fresh searches against each side; its interval holds what
    chance does to a search."""
    null: float | None
    """The largest difference between searches of one side, in [0, 1]: what chance did; None: nobody
    knows, since every side was searched once."""
    strange: Difference | None = None
    """Attacks that no search proposed, in pairs."""
    uses: Sequence[Difference] = field(default_factory=tuple[Difference, ...])


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    word: Word
    reasons: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return {"word": self.word, "reasons": list(self.reasons)}


def verdict_on(evidence: Evidence) -> Verdict:
    """One of five words, and what it rests on.

    - worse: fresh searches, or the same attacks without a gain on fresh ones, succeed more; or use
      was lost and nothing can have been gained for it.
    - traded for utility: fresh searches or strange attacks succeed less, but a use fell by 2 points
      or more.
    - real gain: a gain on fresh searches, no use lost, strange attacks not more successful.
    - overfitted to these attacks: they succeed less, fresh ones by less than half as much in
      proportion, and strange ones no less.
    - cannot tell: none of these beyond what chance does.
    """
    evidence = _adjusted(evidence)
    lost = lost_uses(evidence.uses)
    reasons = tuple(_reasons(evidence, lost))
    fresh = evidence.fresh
    gain, harm = fresh is not None and fresh.is_fall, _rises(fresh)
    word: Word = "cannot tell"
    # attacks that nobody chose on either side may show a gain that few fresh ones are too rare for
    gained = gain or (evidence.strange is not None and evidence.strange.is_fall)
    if (
        harm
        or (not gain and _rises(evidence.same))
        or (lost and not gained and _no_trade(evidence))
    ):
        word = "worse"
    elif lost and gained:
        word = "traded for utility"
    elif gain and not _rises(evidence.strange):
        word = "real gain"
    elif not gain and _is_overfitted(evidence):
        word = "overfitted to these attacks"
    return Verdict(word=word, reasons=reasons)


def _adjusted(evidence: Evidence) -> Evidence:
    """With p-values adjusted for all differences together: any of them could turn the verdict."""
    attacks = (evidence.same, evidence.fresh, evidence.strange)
    every = [one for one in (*attacks, *evidence.uses) if one is not None]
    p_values = adjusted_p_values([one.p_value for one in every])
    told = {id(one): replace(one, adjusted=p) for one, p in zip(every, p_values, strict=True)}
    same, fresh, strange = (None if one is None else told[id(one)] for one in attacks)
    uses = [told[id(one)] for one in evidence.uses]
    return replace(evidence, same=same, fresh=fresh, strange=strange, uses=uses)


def lost_uses(uses: Sequence[Difference]) -> list[Difference]:
    """Those that fell beyond chance, by the margin or more."""
    return [one for one in uses if one.is_fall and one.value <= -USE_MARGIN]


def _rises(difference: Difference | None) -> bool:
    return difference is not None and difference.is_rise


def _no_trade(evidence: Evidence) -> bool:
    """Whether what was lost cannot have bought anything, but resistance to the same attacks."""
    same = evidence.same
    return same is None or not same.is_fall or _is_overfitted(evidence)


def _is_overfitted(evidence: Evidence) -> bool:
    """Whether what nobody chose or trained on fell by less than half as much, for its rate."""
    same, fresh, strange = evidence.same, evidence.fresh, evidence.strange
    if same is None or fresh is None or not same.is_fall:
        return False
    if strange is not None and strange.is_fall:
        return False
    return fresh.low > HALF * same.value * min(fresh.start / same.start, 1.0)


def _reasons(evidence: Evidence, lost: Sequence[Difference]) -> list[str]:
    lines = [
        f"{one.what}: {in_points(one)}"
        for one in (evidence.same, evidence.fresh, evidence.strange)
        if one is not None
    ]
    if evidence.fresh is None:
        lines.append("no fresh search was made: no gain can be called real")
    elif evidence.null is None:
        lines.append("how far searches of one side lie apart by chance is not known")
    else:
        points = f"{100 * evidence.null:.1f} points"
        lines.append(f"searches of one side differ by up to {points}")
    if evidence.uses and not lost:
        least_sure = min(evidence.uses, key=lambda one: one.low)
        lines.append(
            f"no use lost beyond chance; least sure {least_sure.what}: {in_points(least_sure)}"
        )
    return lines + [f"lost: {one.what}, {in_points(one)}" for one in lost]


def in_points(one: Difference) -> str:
    if not one.known:
        return "too little could be read to compare it"
    return f"{100 * one.value:+.1f} points [{100 * one.low:+.1f}, {100 * one.high:+.1f}]"


def gate_rows(evidence: Evidence) -> list[dict[str, Any]]:
    """The differences as changes of rates, p adjusted for their number.

    The same attacks are left out: whoever was searched first looks worse on them.
    """
    attacks = [one for one in (evidence.fresh, evidence.strange) if one is not None]
    rows = [("attack.targeted", one) for one in attacks]
    rows += [("utility.accuracy", one) for one in evidence.uses]
    adjusted = adjusted_p_values([one.p_value for _, one in rows])
    return [
        {
            "name": name,
            "by": {"of": one.what},
            "value": one.value,
            "low": one.low,
            "high": one.high,
            "p_value": one.p_value,
            "adjusted": p_value,
        }
        for (name, one), p_value in zip(rows, adjusted, strict=True)
    ]
