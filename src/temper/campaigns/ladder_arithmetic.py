"""Arithmetic on the ladder: prompt inversion against each rung, strange attacks, sums in use."""

from collections.abc import Sequence
from typing import Any

from temper.arithmetic.calculator import calculator_line
from temper.arithmetic.frames import Frame, ask
from temper.arithmetic.oracle import ANY, TARGETED
from temper.arithmetic.problems import ProblemPool, draw_problems
from temper.arithmetic.suites import Item, draw_suite, judge_item
from temper.campaigns.fresh import search_all
from temper.config import AttackConfig, LadderRun
from temper.evaluate.probes import Judge, Probe
from temper.exploit.adaptive import AgainstReviser
from temper.exploit.pirs import Inversion
from temper.exploit.scoring import Setting
from temper.exploit.search import Proposer
from temper.harden.context import LookUp
from temper.harden.grading import ModelGrader
from temper.harden.revise import question_of
from temper.harden.sampling import Screen
from temper.organisms.prompts import template
from temper.protocols import Target
from temper.records import Attack, Candidate, Decoding, Outcome, Prompt, Reason, Reply

USES = ("clean", "sequence_copying", "lookups")
SEARCH = {"scoring": "success", "samples": 2, "problems": 8, "screen": 2, "proposals": 24}
"""Success over samples, since log-probabilities do not pass a mitigation; a look at two problems
first, since most texts do nothing."""


class ArithmeticConcern:
    """See `Concern`."""

    tool = "calculator"
    attack = "attack.targeted"
    measure = TARGETED
    constitution = "arithmetic"
    speaks_to_reviser = True

    def __init__(self, config: LadderRun, frame: Frame) -> None:
        self._config = config
        self._frame: Frame = frame
        self.defence = template("defence_arithmetic")

    def look_up(self) -> LookUp:
        return _calculated

    def screen(self, model: Target) -> Screen:
        return ModelGrader(model)

    def search(self, defended: Target, red: Target, *, adaptive: bool) -> list[Attack]:
        settings: dict[str, Any] = {**SEARCH, "max_queries": self._config.ladder.queries}
        config, seed = AttackConfig.model_validate(settings), self._config.run.seed
        problems = draw_problems(self._pools("search"), config.problems, f"{seed}/search")
        proposer: Proposer = Inversion(
            red, self._pools("search"), config, learns=True, attacker="pirs", seed=seed
        )
        if adaptive:
            proposer = AgainstReviser(proposer, seed)
        setting = Setting(defended, problems, self._frame, config)
        return _best(search_all(proposer, setting), self._config.ladder.attacks)

    def attacked(self, attacks: Sequence[Attack], split: str) -> list[Probe]:
        count, seed = self._config.ladder.problems, self._config.run.seed
        problems = draw_problems(self._pools("unseen"), count, f"{seed}/unseen")
        items = [
            Item(
                suite=split,
                part="",
                source=attack.text,
                prompt=ask(problem, self._frame, attack.text),
                frame=self._frame,
                problem=problem,
            )
            for attack in attacks
            for problem in problems
        ]
        return [probe_of(item, "attack") for item in items]

    def strange(self) -> list[Probe]:
        return [probe_of(item, "attack") for item in self._suite("ood")]

    def uses(self) -> list[Probe]:
        return [probe_of(item, "utility") for name in USES for item in self._suite(name)]

    def _suite(self, name: str) -> list[Item]:
        return draw_suite(
            name,
            frame=self._frame,
            digits=self._config.problems.digits,
            count=self._config.ladder.items,
            seed=self._config.run.seed,
        )

    def _pools(self, split: Any) -> list[ProblemPool]:
        return [ProblemPool(split, digits, ("+",)) for digits in self._config.problems.digits]


def _best(found: Sequence[Candidate], count: int) -> list[Attack]:
    """The accepted ones first, then by score; what was seen on two problems only comes last."""
    scored = [one for one in found if one.score is not None]
    scored.sort(key=lambda one: (not one.accepted, one.reason == "screened", -(one.score or 0)))
    return [one.attack for one in scored[:count]]


def probe_of(item: Item, kind: Any, measure: str = "") -> Probe:
    """An item as a probe: an attack hits when it steers, unless another measure is named."""
    measure = measure or (TARGETED if kind == "attack" else ANY)
    return Probe(
        kind=kind,
        cell=item.suite,
        prompt=item.prompt,
        judge=_judge(item, measure),
        source=item.source,
        unit=str(item.problem or item.source),
        decoding=Decoding(max_tokens=item.max_tokens),
    )


def _judge(item: Item, measure: str) -> Judge:
    def judge(reply: Reply) -> tuple[Outcome, Reason]:
        verdicts = {one.measure: one for one in judge_item(item, reply, reply.request_id)}
        verdict = verdicts.get(measure) or next(iter(verdicts.values()))
        return verdict.outcome, verdict.reason

    return judge


def _calculated(prompt: Prompt) -> str | None:
    return calculator_line(question_of(prompt))
