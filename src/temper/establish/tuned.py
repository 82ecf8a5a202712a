"""The ensemble whose members are fine-tuned checkpoints."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from temper.establish.ensemble import Trained
from temper.establish.split import Ints, Labelled, folds_of
from temper.stats.classification import recalls
from temper.text.finetune import TunedClassifier
from temper.text.linear import Floats


class TunedEnsemble:
    """Fine-tuned members; their probabilities are averaged."""

    def __init__(self, members: Sequence[TunedClassifier]) -> None:
        self.members = tuple(members)

    def probabilities(self, texts: Sequence[str]) -> Floats:
        return self.each(texts).mean(axis=0)

    def each(self, texts: Sequence[str]) -> Floats:
        """Of every member: (members, texts, classes)."""
        return np.stack([member.probabilities(texts) for member in self.members])


class Tuning(NamedTuple):
    ensemble: TunedEnsemble
    left_out_NK: Floats
    """Of every training item, by the member that did not see its fold."""
    reports: list[Trained]


def tune_members(
    checkpoint: Path,
    training: Labelled,
    *,
    classes: int,
    members: int,
    recall_floor: float,
    epochs: int,
    learning_rate: float,
    seed: int,
) -> Tuning:
    """One member for each fold left out; one too weak on its fold is trained from another seed."""
    left_out_NK = np.full((len(training), classes), 1 / classes)
    kept: list[TunedClassifier] = []
    reports: list[Trained] = []

    def train(fold: Ints, own_seed: int) -> tuple[TunedClassifier, Floats, Floats]:
        rest = training.part(np.setdiff1d(np.arange(len(training)), fold))
        member = TunedClassifier(checkpoint, classes, own_seed)
        member.train(
            rest.texts, rest.classes_N, epochs=epochs, learning_rate=learning_rate, seed=own_seed
        )
        left_out = training.part(fold)
        said_NK = member.probabilities(left_out.texts)
        return member, said_NK, recalls(said_NK.argmax(axis=1), left_out.classes_N, classes)

    for place, fold in enumerate(folds_of(training, members, seed)):
        best = train(fold, seed * 1_000 + place)
        retrained = bool(np.nanmin(best[2]) < recall_floor)
        if retrained:
            second = train(fold, seed * 1_000 + 500 + place)
            best = max(best, second, key=lambda one: float(np.nanmin(one[2])))
        member, left_out_NK[fold], recall_K = best
        kept.append(member)
        below = bool(np.nanmin(recall_K) < recall_floor)
        reports.append(Trained(tuple(float(r) for r in recall_K), retrained, below))
    return Tuning(TunedEnsemble(kept), left_out_NK, reports)
