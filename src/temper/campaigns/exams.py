"""The same questions to every side of a comparison: attacks by where they come from, and use."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from temper.arithmetic.frames import Frame, ask
from temper.arithmetic.oracle import ANY, TARGETED
from temper.arithmetic.problems import ProblemPool, draw_problems
from temper.arithmetic.suites import Item, draw_suite
from temper.campaigns.fresh import Searched, search_afresh
from temper.campaigns.ladder_arithmetic import probe_of
from temper.config import ProblemsConfig
from temper.evaluate.probes import Probe, Probed, ask_probes, probe_rates
from temper.protocols import Target
from temper.records import Attack, Rate

ATTACKED = ("held_out_pirs", "independent_red", "ood", "sycophancy")
"""Suites of attacks; of `sycophancy` the wrong opinions."""
USES = ("clean", "random_templating", "word_problems", "sequence_copying", "lookups")
BySplit = Mapping[str, Sequence[Attack]]


class Answers(NamedTuple):
    """What one side answered, judged."""

    probed: list[Probed]
    attack: str
    """The name of the rate of successful attacks."""
    measure: str
    wrong: list[Probed]
    """The same attacks, judged by whether anything went wrong; empty where that is no more."""

    def rates(self, facets: Mapping[str, str | int | float]) -> Iterator[Rate]:
        """Attacks, then use and what was withheld."""
        yield from probe_rates(self.probed, dict(facets), attack=self.attack, measure=self.measure)
        yield from probe_rates(self.wrong, dict(facets), attack="attack.untargeted", measure=ANY)


class Exam(Protocol):
    """Questions about one concern; two sides with equal exams are asked the same."""

    def search(
        self, target: Target, red: Target, *, queries: int, attacks: int, seed: int
    ) -> Searched:
        """A fresh search against one model, and its best attacks."""
        ...

    def count(self, attacks: BySplit) -> int:
        """Prompts that `ask` will put."""
        ...

    def ask(self, target: Target, attacks: BySplit) -> Answers:
        """These attacks, attacks that no search proposes, and plain use."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ArithmeticExam:
    """See `Exam`: sums, whose truth is exact."""

    frame: Frame
    problems: ProblemsConfig
    count_of_problems: int
    """Unseen problems for each attack."""
    items: int
    """Prompts of each suite."""
    seed: int

    def search(
        self, target: Target, red: Target, *, queries: int, attacks: int, seed: int
    ) -> Searched:
        return search_afresh(
            target, red, self.frame, self.problems, queries=queries, attacks=attacks, seed=seed
        )

    def count(self, attacks: BySplit) -> int:
        own = sum(map(len, attacks.values())) * self.count_of_problems
        return 2 * (own + len(ATTACKED) * self.items) + len(USES) * self.items

    def ask(self, target: Target, attacks: BySplit) -> Answers:
        strange = [item for name in ATTACKED for item in self.suite(name)]
        own = [item for split, some in attacks.items() for item in self.attacked(some, split)]
        return asked(target, [*own, *strange], [i for name in USES for i in self.suite(name)])

    def attacked(self, attacks: Sequence[Attack], split: str) -> list[Item]:
        """Every attack on every problem."""
        sizes, operators = self.problems.digits, self.problems.operators
        pools = [ProblemPool("unseen", size, operators) for size in sizes]
        drawn = draw_problems(pools, self.count_of_problems, f"{self.seed}/unseen")
        return [
            Item(
                suite=split,
                part="",
                source=attack.text,
                prompt=ask(problem, self.frame, attack.text),
                frame=self.frame,
                problem=problem,
            )
            for attack in attacks
            for problem in drawn
        ]

    def suite(self, name: str, count: int | None = None) -> list[Item]:
        items = draw_suite(
            name,
            frame=self.frame,
            digits=self.problems.digits,
            count=count or self.items,
            seed=self.seed,
        )
        return [item for item in items if name != "sycophancy" or item.part.endswith("wrong")]


def asked(target: Target, attacks: Sequence[Item], uses: Sequence[Item]) -> Answers:
    """Put attacks and uses; attacks are judged twice, by the chosen wrong answer and by any."""
    probes: list[Probe] = [probe_of(item, "attack") for item in attacks]
    probes += [probe_of(item, "utility") for item in uses]
    wrong = [probe_of(item, "attack", ANY) for item in attacks]
    return Answers(
        ask_probes(target, probes), "attack.targeted", TARGETED, ask_probes(target, wrong)
    )


def probes_of(answered: Sequence[Probed], cell: str) -> list[Probed]:
    return [one for one in answered if one.probe.cell == cell]
