"""A run at work, and what decides the result of each of its stages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from temper.arithmetic.frames import Frame
from temper.arithmetic.problems import (
    ProblemPool,
)
from temper.budget import Budget
from temper.config import Config
from temper.protocols import Reporter, Target
from temper.store import Store
from temper.targets.recorded import RecordedTarget


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run at work: its settings, models and database."""

    config: Config
    store: Store
    target: Target
    red: Target
    frame: Frame
    reporter: Reporter
    budget: Budget

    def pools(self, split: Any) -> list[ProblemPool]:
        problems = self.config.problems
        return [ProblemPool(split, digits, problems.operators) for digits in problems.digits]

    def recorded(self, model: Target, stage: str, role: str, **options: Any) -> RecordedTarget:
        return RecordedTarget(
            model,
            self.store,
            stage=stage,
            seed=self.config.run.seed,
            role=role,
            budget=self.budget,
            **options,
        )


def stage_inputs(run: Run) -> dict[str, dict[str, Any]]:
    """For each stage in order, the settings that decide its result, as a user names them."""
    config = run.config
    shared = {"run.seed": config.run.seed, "target": run.target.hash, "problems.frame": run.frame}
    shared |= _dotted("problems", {**config.problems.fixed(), "frame": run.frame})
    stages: dict[str, dict[str, Any]] = {}
    for attacker in config.attack.attackers:
        stages[f"search/{attacker}"] = {**shared, **_dotted("attack", config.attack.fixed())}
        if attacker in ("pirs", "inversion", "archive", "policy"):
            stages[f"search/{attacker}"]["red"] = run.red.hash
    stages["measure"] = {**shared, **_dotted("measure", config.measure.fixed())}
    return stages


def _dotted(section: str, values: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{section}.{key}": value for key, value in values.items()}
