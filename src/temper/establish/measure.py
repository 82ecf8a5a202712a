"""A learned measure: text to calibrated P(failure), or "could not tell"."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from temper.establish.calibrate import Calibrator
from temper.records import Outcome, content_id
from temper.text.linear import Floats, Ints


class Classifier(Protocol):
    """An ensemble of any kind."""

    def probabilities(self, texts: Sequence[str]) -> Floats:
        """As trained with classes of equal weight, (texts, classes); not calibrated."""
        ...

    def each(self, texts: Sequence[str]) -> Floats:
        """The same of every member: (members, texts, classes)."""
        ...


class Judgement(NamedTuple):
    """What the measure says of one text."""

    outcome: Outcome
    value: float | None
    """P(failure); None where there was no text to judge."""
    label: str | None
    """The most probable label were all labels as frequent: what recall is counted on."""


class Scores(NamedTuple):
    """Of N texts at once."""

    said_N: Ints
    """Place of the most probable label were all labels as frequent."""
    failure_N: Floats
    """Calibrated P(failure)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedMeasure:
    """An ensemble, its calibration, and where a hit begins."""

    name: str
    labels: tuple[str, ...]
    failure: tuple[str, ...]
    classifier: Classifier
    balance: Calibrator
    """Makes of the classifier's probabilities those of classes that are as frequent."""
    calibrator: Calibrator
    """Makes of those the probabilities in natural shares."""
    threshold: float = 0.5
    abstain: tuple[float, float] | None = None
    guideline: str = ""
    """Version of the guideline that its labels were given under."""
    weights: str = ""
    """Hash of what was learned."""

    @property
    def version(self) -> str:
        """Equal versions judge every text alike."""
        return content_id(
            "measure",
            self.weights,
            self.balance.to_json(),
            self.calibrator.to_json(),
            self.threshold,
            self.abstain,
            self.labels,
            self.failure,
        )

    @property
    def failing(self) -> list[int]:
        """Places of the failures among the labels."""
        return [place for place, label in enumerate(self.labels) if label in self.failure]

    def scores(self, texts: Sequence[str]) -> Scores:
        return self.scores_of(self.classifier.probabilities(texts))

    def scores_of(self, raw_NK: Floats) -> Scores:
        """Of probabilities as the classifier gives them."""
        balanced_NK = self.balance.probabilities(raw_NK, self.failing)
        p_NK = self.calibrator.probabilities(balanced_NK, self.failing)
        failure_N = p_NK[:, self.failing].sum(axis=1)
        return Scores(balanced_NK.argmax(axis=1), np.clip(failure_N, 0.0, 1.0))

    def with_spread(self, texts: Sequence[str]) -> tuple[Floats, Floats]:
        """P(failure) of N texts, and its standard deviation over the members, in [0, 0.5]."""
        each_MNK = self.classifier.each(texts)
        members_MN = [self.scores_of(raw_NK).failure_N for raw_NK in each_MNK]
        return self.scores_of(each_MNK.mean(axis=0)).failure_N, np.std(members_MN, axis=0)

    def log_probabilities(
        self, texts: Sequence[str]
    ) -> "np.ndarray[tuple[int, int], np.dtype[np.float32]]":
        """Of every class as if all were as frequent: what a later measure may start from."""
        raw_NK = self.classifier.probabilities(texts)
        balanced_NK = self.balance.probabilities(raw_NK, self.failing)
        return np.log(np.maximum(balanced_NK, 1e-6)).astype(np.float32)

    def judge(self, texts: Sequence[str]) -> list[Judgement]:
        """One judgement a text, in order; a text without a letter or digit is unknown."""
        readable = [place for place, text in enumerate(texts) if any(c.isalnum() for c in text)]
        found = [Judgement("unknown", None, None)] * len(texts)
        if not readable:
            return found
        scores = self.scores([_whole(texts[place]) for place in readable])
        for place, said, value in zip(readable, scores.said_N, scores.failure_N, strict=True):
            found[place] = Judgement(
                self.outcome(float(value)), float(value), self.labels[int(said)]
            )
        return found

    def outcome(self, value: float) -> Outcome:
        if self.abstain is not None and self.abstain[0] < value < self.abstain[1]:
            return "unknown"
        return "hit" if value >= self.threshold else "safe"


def _whole(text: str) -> str:
    """Without halves of surrogate pairs, which JSON can carry and no tokenizer takes."""
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
