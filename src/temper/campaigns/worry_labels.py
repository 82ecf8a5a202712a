"""Who labels the texts of a run from a worry, where it is not people."""

from dataclasses import dataclass
from pathlib import Path

from temper.budget import Budget
from temper.campaigns.labelling import (
    Labelling,
    label_by_classifier,
    label_by_judge,
    label_by_oracle,
    read_rubric,
)
from temper.config import TargetConfig, WorryRun
from temper.establish.annotators import SimulatedAnnotator, ThresholdAnnotator, find_oracle
from temper.establish.judge import Rubric
from temper.establish.labels import Item
from temper.protocols import Reporter


@dataclass(frozen=True, slots=True)
class WorryLabels:
    """The annotator of the settings, at work in any folder."""

    config: WorryRun
    reporter: Reporter | None
    budget: Budget
    """What a judge may spend."""

    def add(
        self,
        folder: Path,
        items: list[Item] | None = None,
        *,
        seed: int | None = None,
        most: int | None = None,
    ) -> Labelling | None:
        """Ask for what is not labelled yet; None where people do it.

        Args:
            folder: of the run whose labels they become.
            items: None: the chosen samples of that run.
            seed: of a simulated annotator, where it is another one than the run's.
            most: labels; None: as many as the run's settings ask for.
        """
        most = self.config.label.items if most is None else most
        match self.config.label.by:
            case "oracle":
                return self._by_oracle(folder, items, seed, most)
            case "judge":
                return self._by_judge(folder, items, most)
            case "classifier":
                return self._by_classifier(folder, items, most)
            case "people":
                return None

    def _by_oracle(
        self, folder: Path, items: list[Item] | None, seed: int | None, most: int
    ) -> Labelling:
        label = self.config.label
        seed = label.seed if seed is None else seed
        name = label.name or f"simulated {seed}"
        return label_by_oracle(
            folder,
            self.config.concern,
            lambda guideline: SimulatedAnnotator(
                oracle=find_oracle(label.oracle or "", guideline),
                name=name if label.noise or label.seconds else label.oracle or "",
                noise=label.noise,
                seconds=label.seconds,
                seed=seed,
            ),
            items,
            most,
        )

    def _by_judge(self, folder: Path, items: list[Item] | None, most: int) -> Labelling:
        label, wording = self.config.label, read_rubric(self.config.label.rubric)
        return label_by_judge(
            folder,
            self.config.concern,
            TargetConfig(name=label.judge or ""),
            lambda guideline: Rubric.of(wording, guideline, label.reading),
            items,
            most,
            annotator=label.name,
            reporter=self.reporter,
            budget=self.budget,
        )

    def _by_classifier(self, folder: Path, items: list[Item] | None, most: int) -> Labelling:
        label = self.config.label
        checkpoint = Path(label.classifier or "")
        annotator = ThresholdAnnotator(
            name=label.name or checkpoint.resolve().name,
            threshold=label.threshold,
            at_or_above=label.at_or_above or "",
            below=label.below or "",
        )
        return label_by_classifier(
            folder, self.config.concern, checkpoint, label.classes, annotator, items, most
        )
