"""Everything that the parts of one hardening work with."""

from dataclasses import dataclass
from pathlib import Path

from temper.arithmetic.frames import Frame
from temper.budget import Budget
from temper.campaigns.exams import ArithmeticExam
from temper.config import HardenRun
from temper.protocols import Reporter
from temper.store import Store
from temper.targets.huggingface import HuggingFaceTarget
from temper.targets.recorded import RecordedTarget


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    config: HardenRun
    folder: Path
    store: Store
    target: HuggingFaceTarget
    grader: HuggingFaceTarget | None
    frame: Frame
    reporter: Reporter
    budget: Budget

    @property
    def seed(self) -> int:
        return self.config.run.seed

    @property
    def mitigation(self) -> str:
        """The trainings in order, e.g. "sft+rl"."""
        return "+".join(self.config.harden.methods)

    @property
    def exam(self) -> ArithmeticExam:
        settings = self.config.harden
        return ArithmeticExam(
            frame=self.frame,
            problems=self.config.problems,
            count_of_problems=settings.problems,
            items=settings.items,
            seed=self.seed,
        )

    def open(self, checkpoint: Path) -> HuggingFaceTarget:
        settings = self.config.target
        return HuggingFaceTarget(
            checkpoint,
            name=f"{self.target.name}, {self.mitigation}",
            device=settings.device,
            dtype=settings.dtype,
            threads=settings.threads,
        )

    def recorded(
        self,
        model: HuggingFaceTarget,
        stage: str,
        role: str = "target",
        *,
        quiet: bool = False,
    ) -> RecordedTarget:
        """Quiet where steps are counted, not replies."""
        return RecordedTarget(
            model,
            self.store,
            stage=f"harden/{stage}",
            seed=self.seed,
            role=role,
            progress=None if quiet else self.reporter.advance,
            budget=self.budget,
        )
