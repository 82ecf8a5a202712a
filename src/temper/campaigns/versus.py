"""Two models against each other: fresh searches at equal budget, the same attacks, use; a verdict.

`temper harden` judges its result by it, `temper compare` any two models.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from temper.campaigns.exams import Answers, BySplit, Exam, probes_of
from temper.campaigns.fresh import Searched
from temper.evaluate.clustered import Facets
from temper.evaluate.evidence import FRESH, evidence_on, fresh_of, fresh_rate, shared_of
from temper.evaluate.paired_cells import Moved, cell_changes, moved_attacks
from temper.evaluate.verdict import Verdict, gate_rows, verdict_on
from temper.protocols import Reporter, Target
from temper.records import Candidate, Rate
from temper.store import Store
from temper.targets.recorded import RecordedTarget

SEARCHES = 3
"""Of each side: those of one side are the null row, what chance alone does to a search."""
SIDES = ("before", "after")


@dataclass(frozen=True, slots=True, kw_only=True)
class Versus:
    """Who stands against whom, and with what budget."""

    before: Target
    after: Target
    red: Target
    """Writes the attacks of every fresh search, the same one for both sides."""
    exam: Exam
    store: Store
    reporter: Reporter
    queries: int
    """Of each fresh search; 0: none."""
    attacks: int
    """The best of each search, measured."""
    seed: int

    def side(self, name: str) -> Target:
        return self.before if name == "before" else self.after

    def recorded(self, name: str, stage: str, role: str = "target") -> RecordedTarget:
        model = self.red if role == "red" else self.side(name)
        progress = None if role == "red" else self.reporter.advance
        return RecordedTarget(
            model,
            self.store,
            stage=f"versus/{name}/{stage}",
            seed=self.seed,
            role=role,
            progress=progress,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What came of it."""

    rates: list[Rate]
    verdict: Verdict
    moved: Moved
    """Of the attacks that both sides were asked."""
    changes: list[dict[str, Any]]
    """What a gate checks: fresh searches, strange attacks, uses; p adjusted for their number."""


def compare_models(versus: Versus, same: BySplit, facets: Facets) -> Compared:
    """Search, ask, compare.

    Args:
        versus: the two sides.
        same: attacks for both sides by split, the first of them chosen on the first side; empty:
            the best of the searches against it.
        facets: of all figures.
    """
    searched = {side: _searches(versus, side) for side in SIDES} if versus.queries else {}
    if not same:
        same = {"same": [one for found in searched.get("before", []) for one in found.best]}
    answers = {side: _answers(versus, side, same, searched.get(side, [])) for side in SIDES}
    split = next(iter(same))
    before, after = (answers[side].probed for side in SIDES)
    evidence = evidence_on(before, after, split, seed=versus.seed)
    return Compared(
        rates=[
            *_rates(answers, facets),
            *_search_rates(searched, facets),
            *cell_changes(
                shared_of(before),
                shared_of(after),
                facets,
                seed=versus.seed,
                measure=answers["before"].measure,
            ),
        ],
        verdict=verdict_on(evidence),
        moved=moved_attacks(probes_of(before, split), probes_of(after, split)),
        changes=gate_rows(evidence),
    )


def _searches(versus: Versus, side: str) -> list[Searched]:
    found: list[Searched] = []
    for number in range(SEARCHES):
        stage = f"search-{number}"
        versus.reporter.stage(f"{side}: fresh search {number + 1}", versus.queries)
        one = versus.exam.search(
            versus.recorded(side, stage),
            versus.recorded(side, stage, "red"),
            queries=versus.queries,
            attacks=versus.attacks,
            seed=1_000 * (number + 1) + versus.seed,
        )
        _keep(versus.store, side, one)
        found.append(one)
    return found


def _keep(store: Store, side: str, found: Searched) -> None:
    """The candidates stay in the database; `reason` says against which side they were searched."""
    start = len(store.candidates())
    store.add_candidates(
        Candidate(
            attack=one.attack,
            accepted=one.accepted,
            reason=f"{side}/{one.reason}",
            score=one.score,
            order=start + place,
            queries=one.queries,
            void=one.void,
        )
        for place, one in enumerate(found.candidates)
    )


def _answers(versus: Versus, side: str, same: BySplit, searched: Sequence[Searched]) -> Answers:
    fresh = {f"{FRESH} {number}": one.best for number, one in enumerate(searched, start=1)}
    attacks = {**same, **fresh}
    versus.reporter.stage(f"{side}: measure", versus.exam.count(attacks))
    return versus.exam.ask(versus.recorded(side, "measure"), attacks)


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
