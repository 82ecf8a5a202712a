"""The same attacks on two targets, compared attack by attack: before and after."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from temper.arithmetic.oracle import TARGETED
from temper.records import Rate
from temper.stats import Arm, adjusted_p_values, paired_difference

Row = Mapping[str, Any]


class _Difference(NamedTuple):
    rate: Rate
    p_value: float


def transfer_differences(
    rows: Sequence[Row],
    targets: Sequence[str],
    *,
    seed: int,
    measure: str = TARGETED,
    judge: str = "exact",
) -> Iterator[Rate]:
    """Share of hits on each further target less that on the first, over attacks.

    P-values are adjusted for all comparisons of the replay (Benjamini and Hochberg).

    Args:
        rows: judged attempts of a replay.
        targets: as the user named them; the first is the one to compare with.
        seed: of the sign flips.
        measure: whose verdicts count; by default whether the answer was steered.
        judge: what kind of judge that is, for the figure.
    """
    known = [row for row in rows if row["source"] and row["measure"] == measure]
    found = list(_differences(known, targets, seed))
    adjusted = adjusted_p_values([one.p_value for one in found])
    for one, p_value in zip(found, adjusted, strict=True):
        words = "< 0.001" if p_value < 0.001 else f"{p_value:.3f}"
        note = f"paired by attack; adjusted p {words} over {len(found)} comparisons"
        yield replace(one.rate, note=note, measure=measure, judge=judge)


def _differences(known: Sequence[Row], targets: Sequence[str], seed: int) -> Iterator[_Difference]:
    for source in sorted({row["source"] for row in known}):
        for decoding in ("greedy", "default"):
            here = [r for r in known if (r["source"], r["decoding"]) == (source, decoding)]
            for target in targets[1:]:
                by = {"source": source, "target": target, "than": targets[0]}
                found = _difference(here, {**by, "decoding": decoding}, seed)
                if found:
                    yield found


def _difference(rows: Sequence[Row], by: Mapping[str, str], seed: int) -> _Difference | None:
    sides = [[row for row in rows if row["target"] == by[key]] for key in ("than", "target")]
    answered = [
        [row for row in side if row["outcome"] != "unknown" and not row["void"]] for side in sides
    ]
    common = {row["attack_id"] for row in answered[0]} & {row["attack_id"] for row in answered[1]}
    if len(common) < 2:
        return None
    arms = [_arm([row for row in side if row["attack_id"] in common]) for side in answered]
    pair = paired_difference(*arms, seed=seed)
    valid = [row for side in sides for row in side if not row["void"]]
    unknown = sum(row["outcome"] == "unknown" for row in valid)
    rate = Rate(
        name="transfer.difference",
        value=pair.value,
        low=pair.interval.low,
        high=pair.interval.high,
        n=len(valid),
        unknown=unknown,
        bounds=_bounds(*sides) if unknown else None,
        cluster="attack",
        clusters=pair.attacks,
        by=dict(by),
    )
    return _Difference(rate, pair.p_value)


def _bounds(before: Sequence[Row], after: Sequence[Row]) -> tuple[float, float]:
    """The least and the largest difference, whatever the unknown answers were."""
    ends: list[tuple[float, float]] = []
    for side in (before, after):
        outcomes = [row["outcome"] for row in side if not row["void"]]
        hits, unknown = outcomes.count("hit"), outcomes.count("unknown")
        ends.append((hits / len(outcomes), (hits + unknown) / len(outcomes)))
    (low, high), (later_low, later_high) = ends
    return later_low - high, later_high - low


def _arm(rows: Sequence[Row]) -> Arm:
    return Arm([row["outcome"] == "hit" for row in rows], [row["attack_id"] for row in rows])
