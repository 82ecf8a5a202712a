"""Two models against each other: fresh searches at equal budget, the same attacks, use; a verdict.

`temper harden` judges its result by it, `temper compare` any two models.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from temper.campaigns.exams import Answers, BySplit, probes_of
from temper.campaigns.fresh import Searched
from temper.campaigns.sides import SIDES, Heard, Versus, ask_sides
from temper.ending import Ending
from temper.evaluate.clustered import Facets
from temper.evaluate.evidence import FRESH, evidence_on, fresh_of, fresh_rate, shared_of
from temper.evaluate.paired_cells import Moved, cell_changes, moved_attacks
from temper.evaluate.verdict import Verdict, gate_rows, verdict_on
from temper.records import Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What came of it."""

    rates: list[Rate]
    verdict: Verdict | None = None
    """None: not both sides were asked everything, and half a comparison has no verdict."""
    moved: Moved | None = None
    """Of the attacks that both sides were asked."""
    changes: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    """What a gate checks: fresh searches, strange attacks, uses; p adjusted for their number."""
    ending: Ending = field(default_factory=Ending)
    missing: list[str] = field(default_factory=list[str])

    def to_json(self) -> dict[str, Any]:
        """As results.json has it, less the figures."""
        return {
            "verdict": self.verdict and self.verdict.to_json(),
            "moved": self.moved and self.moved.to_json(),
            "changes": self.changes,
        }


def compare_models(versus: Versus, same: BySplit, facets: Facets) -> Compared:
    """Search, ask, compare; stopped early, the figures of what was asked whole and no verdict.

    Args:
        versus: the two sides.
        same: attacks for both sides by split, the first of them chosen on the first side; empty:
            the best of the searches against it.
        facets: of all figures.
    """
    heard = Heard()
    with Ending() as ending:
        same = ask_sides(versus, same, heard)
    rates = [*_rates(heard.answers, facets), *_search_rates(heard.searched, facets)]
    if ending.reason:
        return Compared(rates=rates, ending=ending, missing=heard.missing(versus))
    split = next(iter(same))
    before, after = (heard.answers[side].probed for side in SIDES)
    evidence = evidence_on(before, after, split, seed=versus.seed)
    measure = heard.answers["before"].measure
    shared = shared_of(before), shared_of(after)
    return Compared(
        rates=[*rates, *cell_changes(*shared, facets, seed=versus.seed, measure=measure)],
        verdict=verdict_on(evidence),
        moved=moved_attacks(probes_of(before, split), probes_of(after, split)),
        changes=gate_rows(evidence),
    )


def _rates(answers: Mapping[str, Answers], facets: Facets) -> Iterator[Rate]:
    for side, own in answers.items():
        full: Facets = {**facets, "side": side}
        yield from own.rates(full)
        if fresh := fresh_of(own.probed):
            yield fresh_rate(fresh, {**full, "split": FRESH}, own.attack, own.measure)


def _search_rates(searched: Mapping[str, Sequence[Searched]], facets: Facets) -> Iterator[Rate]:
    """What each search brought: counts of these searches, no estimates."""
    for side, found in searched.items():
        for number, one in enumerate(found, start=1):
            by: Facets = {**facets, "side": side, "search": number}
            scored = sum(candidate.score is not None for candidate in one.candidates)
            note = "a count of this search, no estimate"
            first = min((c.queries for c in one.accepted), default=None)
            for name, value in (
                ("search.accepted", len(one.accepted)),
                ("findings.distinct", one.distinct),
                ("attack.queries_to_first_hit", first),
            ):
                yield Rate(
                    name=name,
                    value=None if value is None else float(value),
                    n=scored,
                    note=note,
                    by=by,
                )
