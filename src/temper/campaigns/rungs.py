"""The rungs of the ladder: one mitigation each, built from models that count their calls."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from temper.budget import Budget
from temper.config import LadderConfig, Rung
from temper.evaluate.probes import Probe
from temper.harden.context import Ground, Instruct, LookUp
from temper.harden.mitigated import Mitigated
from temper.harden.revise import Revise, load_constitution
from temper.harden.sampling import Abstain, Guard, Screen
from temper.protocols import Mitigation, Target
from temper.records import Attack
from temper.store import Store
from temper.targets.recorded import Progress, RecordedTarget

REVISING = ("revise1", "revise2")


class Concern(Protocol):
    """What a ladder needs to know of a concern: its attacks, its uses, its tools."""

    defence: str
    """The instruction of the rung `prompt`."""
    tool: str
    attack: str
    """The name of the rate of successful attacks."""
    measure: str
    constitution: str
    """The reviser's, where the user names none."""
    speaks_to_reviser: bool
    """Whether its attacks can also address a reviser."""

    def look_up(self) -> LookUp: ...

    def screen(self, model: Target) -> Screen: ...

    def search(self, defended: Target, red: Target, *, adaptive: bool) -> list[Attack]:
        """The best attacks on a defended target that the query budget finds."""
        ...

    def attacked(self, attacks: Sequence[Attack], split: str) -> list[Probe]: ...

    def strange(self) -> list[Probe]:
        """Attacks out of distribution."""
        ...

    def uses(self) -> list[Probe]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    """The models of a run, and the database that keeps what they say."""

    target: Target
    red: Target
    reviser: Target
    store: Store
    seed: int
    budget: Budget

    def recorded(
        self, model: Target, stage: str, role: str, progress: Progress | None = None
    ) -> RecordedTarget:
        return self._recorded(model, stage, role, progress, self.budget)

    def mitigated(
        self, inner: RecordedTarget, mitigation: Mitigation, progress: Progress
    ) -> RecordedTarget:
        """The model behind a mitigation; its budget is spent by the calls inside."""
        model = Mitigated(inner, mitigation)
        return self._recorded(model, inner.stage, "target", progress, None)

    def _recorded(
        self,
        model: Target,
        stage: str,
        role: str,
        progress: Progress | None,
        budget: Budget | None,
    ) -> RecordedTarget:
        return RecordedTarget(
            model,
            self.store,
            stage=stage,
            seed=self.seed,
            role=role,
            progress=progress,
            budget=budget,
        )


def defended(
    rung: Rung,
    stage: str,
    models: Models,
    concern: Concern,
    config: LadderConfig,
    progress: Progress,
) -> Target:
    """The target behind one rung: what it is asked counts as queries, what it asks as calls."""
    if rung == "none":
        return models.recorded(models.target, stage, "target", progress)
    inner = models.recorded(models.target, stage, "call")
    helper = models.recorded(models.reviser, stage, "helper")
    mitigation = _mitigation(rung, helper, concern, config)
    return models.mitigated(inner, mitigation, progress)


def _mitigation(rung: Rung, helper: Target, concern: Concern, config: LadderConfig) -> Mitigation:
    match rung:
        case "prompt":
            return Instruct(concern.defence)
        case "revise1" | "revise2":
            return Revise(
                reviser=helper,
                constitution=load_constitution(config.constitution or concern.constitution),
                passes=int(rung[-1]),
            )
        case "ground":
            return Ground(concern.look_up(), concern.tool)
        case "abstain":
            return Abstain(samples=config.samples)
        case "guard":
            return Guard(screen=concern.screen(helper), tries=config.tries)
        case "none":
            raise ValueError("no mitigation stands on the lowest rung")
