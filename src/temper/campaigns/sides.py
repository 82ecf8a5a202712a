"""Two models that are asked the same: fresh searches at equal budget, attacks, and plain use."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from temper.budget import Budget
from temper.campaigns.exams import Answers, BySplit, Exam
from temper.campaigns.fresh import Searched
from temper.evaluate.evidence import FRESH
from temper.protocols import Reporter, Target
from temper.records import Candidate
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
    budget: Budget
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
            budget=self.budget,
        )


@dataclass
class Heard:
    """What was asked whole so far: searches and sides."""

    searched: dict[str, list[Searched]] = field(default_factory=dict[str, list[Searched]])
    answers: dict[str, Answers] = field(default_factory=dict[str, Answers])

    def missing(self, versus: Versus) -> list[str]:
        """What is still to be asked, as a reader is told it."""
        searches = range(1, SEARCHES + 1 if versus.queries else 1)
        wanted = [(side, number) for side in SIDES for number in searches]
        return [
            *(
                f"fresh search {number} ({side})"
                for side, number in wanted
                if number > len(self.searched.get(side, []))
            ),
            *(f"measurement ({side})" for side in SIDES if side not in self.answers),
        ]


def ask_sides(versus: Versus, same: BySplit, heard: Heard) -> BySplit:
    """Everything, in order; gives back the attacks for both sides."""
    for side in SIDES if versus.queries else ():
        _search(versus, side, heard.searched.setdefault(side, []))
    if not same:
        same = {"same": [one for found in heard.searched.get("before", []) for one in found.best]}
    for side in SIDES:
        heard.answers[side] = _answers(versus, side, same, heard.searched.get(side, []))
    return same


def _search(versus: Versus, side: str, found: list[Searched]) -> None:
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
