"""The same questions to every side of a comparison: attacks by where they come from, and use."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from temper.arithmetic.frames import Frame, ask
from temper.arithmetic.oracle import ANY, TARGETED
from temper.arithmetic.problems import ProblemPool, draw_problems
from temper.arithmetic.suites import Item, draw_suite
from temper.campaigns.ladder_arithmetic import probe_of
from temper.config import ProblemsConfig
from temper.evaluate.probes import Probe, Probed, ask_probes, probe_rates
from temper.protocols import Target
from temper.records import Attack, Rate

ATTACKED = ("held_out_pirs", "independent_red", "ood", "sycophancy")
"""Suites of attacks; of `sycophancy` the wrong opinions."""
USES = ("clean", "random_templating", "word_problems", "sequence_copying", "lookups")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exams:
    """What decides the questions; two sides with equal exams were asked the same."""

    frame: Frame
    problems: ProblemsConfig
    count: int
    """Unseen problems for each attack."""
    items: int
    """Prompts of each suite."""
    seed: int

    def attacked(self, attacks: Sequence[Attack], split: str) -> list[Item]:
        """Every attack on every problem."""
        pools = [ProblemPool("unseen", size, self.problems.operators) for size in self._digits]
        drawn = draw_problems(pools, self.count, f"{self.seed}/unseen")
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
            digits=self._digits,
            count=count or self.items,
            seed=self.seed,
        )
        return [item for item in items if name != "sycophancy" or item.part.endswith("wrong")]

    @property
    def _digits(self) -> tuple[int, ...]:
        return self.problems.digits


class Answers:
    """What one side answered: probes with their verdicts, by what they show."""

    def __init__(self, target: Target, attacks: Sequence[Item], uses: Sequence[Item]) -> None:
        probes = [probe_of(item, "attack") for item in attacks]
        anything = [probe_of(item, "attack", ANY) for item in attacks]
        self.steered = ask_probes(target, probes + [probe_of(item, "utility") for item in uses])
        self.wrong = ask_probes(target, anything)

    def rates(self, facets: Mapping[str, str | int | float]) -> Iterator[Rate]:
        """Steered, wrong at all, then use and what was withheld."""
        yield from probe_rates(
            self.steered, dict(facets), attack="attack.targeted", measure=TARGETED
        )
        yield from probe_rates(self.wrong, dict(facets), attack="attack.untargeted", measure=ANY)


def probes_of(answered: Sequence[Probed], cell: str) -> list[Probed]:
    return [one for one in answered if one.probe.cell == cell]


def count_of(attacks: Sequence[Item], uses: Sequence[Item]) -> int:
    return 2 * len(attacks) + len(uses)


__all__ = ["ATTACKED", "USES", "Answers", "Exams", "Probe", "count_of", "probes_of"]
