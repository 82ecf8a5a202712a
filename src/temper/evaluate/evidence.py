"""From what two sides answered to what a verdict rests on."""

from collections.abc import Sequence

from temper.arithmetic.oracle import TARGETED
from temper.evaluate.clustered import Facets, Observed, clustered_rate
from temper.evaluate.paired_cells import counted, unit_of
from temper.evaluate.probes import Probed
from temper.evaluate.verdict import Difference, Evidence
from temper.records import Rate
from temper.stats import Arm, Interval, independent_difference, paired_difference

FRESH = "fresh"
"""Cells of attacks that were searched against this side alone begin so; one cell a search."""
STRANGE = ("ood", "independent_red", "explored")


def evidence_on(
    before: Sequence[Probed], after: Sequence[Probed], split: str, *, seed: int
) -> Evidence:
    """What the same attacks, fresh searches, strange attacks and use say.

    Args:
        before: the first side's answers; fresh cells apart, in the same order on both sides.
        after: the second side's.
        split: the cell of the attacks that were chosen on the first side.
        seed: of the paired tests.
    """
    first, second = shared_of(before), shared_of(after)
    suites = dict.fromkeys(one.probe.cell for one in first if one.probe.kind == "utility")
    uses = [_paired(f"right in {suite}", first, second, (suite,), seed) for suite in suites]
    fresh = fresh_of(before), fresh_of(after)
    return Evidence(
        same=_paired(f"the attacks “{split}”", first, second, (split,), seed),
        fresh=_independent("fresh searches", *fresh),
        null=max(_distance(side) for side in fresh),
        strange=_paired("strange attacks", first, second, STRANGE, seed),
        uses=[one for one in uses if one is not None],
    )


def fresh_of(probed: Sequence[Probed]) -> list[Probed]:
    return [one for one in probed if _is_fresh(one)]


def shared_of(probed: Sequence[Probed]) -> list[Probed]:
    """Without the fresh attacks, which only one side was asked."""
    return [one for one in probed if not _is_fresh(one)]


def fresh_rate(
    probed: Sequence[Probed],
    facets: Facets,
    name: str = "attack.targeted",
    measure: str = TARGETED,
) -> Rate:
    seen = [
        Observed(None if one.outcome == "unknown" else counted(one), unit_of(one), one.probe.unit)
        for one in probed
    ]
    return clustered_rate(name, seen, facets, measure)


def _is_fresh(one: Probed) -> bool:
    return one.probe.cell.startswith(FRESH)


def _paired(
    what: str, before: Sequence[Probed], after: Sequence[Probed], cells: Sequence[str], seed: int
) -> Difference | None:
    sides = [[one for one in side if one.probe.cell in cells] for side in (before, after)]
    pairs = [
        pair for pair in zip(*sides, strict=True) if all(one.outcome != "unknown" for one in pair)
    ]
    units = [unit_of(one) for one, _ in pairs]
    if len(set(units)) < 2:
        return None
    first, second = (Arm([counted(pair[side]) for pair in pairs], units) for side in (0, 1))
    found = paired_difference(first, second, seed=seed)
    return Difference(
        what=what,
        value=found.value,
        low=found.interval.low,
        high=found.interval.high,
        p_value=found.p_value,
    )


def _independent(what: str, before: Sequence[Probed], after: Sequence[Probed]) -> Difference | None:
    ends = [_with_interval(side) for side in (before, after)]
    if ends[0] is None or ends[1] is None:
        return None
    found = independent_difference(*ends[0], *ends[1])
    return Difference(
        what=what,
        value=found.value,
        low=found.interval.low,
        high=found.interval.high,
        p_value=found.p_value,
    )


def _with_interval(probed: Sequence[Probed]) -> tuple[float, Interval] | None:
    if not probed:
        return None
    rate = fresh_rate(probed, {})
    if rate.value is None or rate.low is None or rate.high is None:
        return None
    return rate.value, Interval(rate.low, rate.high)


def _distance(probed: Sequence[Probed]) -> float:
    """How far the searches of one side lie apart."""
    cells = dict.fromkeys(one.probe.cell for one in probed)
    rates = [fresh_rate([o for o in probed if o.probe.cell == cell], {}).value for cell in cells]
    known = [rate for rate in rates if rate is not None]
    return max(known) - min(known) if known else 0.0
