"""A judge's word as features: what a model says of a text when it is asked by a rubric."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from temper.budget import Budget
from temper.campaigns.judge_labels import read_rubric
from temper.config import EstablishConfig, EstablishRun, TargetConfig
from temper.errors import MeasureError
from temper.establish.features import Candidate, embedded_candidate
from temper.establish.judge import Rubric
from temper.establish.labels import Item
from temper.protocols import Target
from temper.store import Store
from temper.targets.pricing import budget_for
from temper.targets.recorded import RecordedTarget, ask_all
from temper.targets.registry import open_target

Recorded = Callable[[Target], Target]
"""Puts the run's database and its budget before a model."""
Dense = NDArray[np.float32]
ROLE = "measure"
"""Of a judge among a measure's features; one that labels is another."""
REMEMBERED = 50_000
LONGEST = 20_000
"""Characters of a rubric that a saved measure may bring."""


class JudgeVectors:
    """Texts to (texts, labels + 1): one for the label that the judge names, the last for none.

    Weighed, each label has its log-probability instead. An error is no label either.
    """

    def __init__(self, judge: Target, rubric: Rubric) -> None:
        self.judge, self.rubric = judge, rubric
        self._known: dict[str, Dense] = {}

    def __call__(self, texts: Sequence[str]) -> Dense:
        missing = list(dict.fromkeys(text for text in texts if text not in self._known))
        if len(self._known) + len(missing) > REMEMBERED:
            self._known.clear()
            missing = list(dict.fromkeys(texts))
        replies = ask_all(self.judge, [self.rubric.request(Item.of(text)) for text in missing])
        for text, reply in zip(missing, replies, strict=True):
            self._known[text] = self._vector(reply.text, reply.logprobs)
        return np.stack([self._known[text] for text in texts])

    def _vector(self, said: str | None, logprobs: Sequence[float]) -> Dense:
        labels = list(self.rubric.words.values())
        vector = np.zeros(len(labels) + 1, np.float32)
        if self.rubric.reading == "weighed":
            if len(logprobs) == len(labels) and np.isfinite(logprobs).all():
                vector[:-1] = logprobs
                return vector
            label = None
        else:
            label = self.rubric.parse(said or "")
        vector[-1 if label is None else labels.index(label)] = 1.0
        return vector


def judge_candidate(
    settings: EstablishConfig, labels: Sequence[str], recorded: Recorded | None = None
) -> Candidate:
    """The judge that the settings name, as one kind of features; `recorded` asks it.

    Raises:
        ConfigError: the rubric cannot be read.
        TargetError: the judge cannot be opened.
    """
    rubric = Rubric(
        text=read_rubric(settings.rubric),
        words={label: label for label in labels},
        reading=settings.reading,
    )
    judge = open_target(TargetConfig(name=settings.judge or ""))
    origin = {
        "kind": "judge",
        "path": settings.judge,
        "hash": judge.hash,
        "rubric": rubric.text,
        "reading": rubric.reading,
        "labels": list(labels),
    }
    return embedded_candidate(
        "judge", JudgeVectors(recorded(judge) if recorded else judge, rubric), origin
    )


def open_judge(judge: Target, origin: Mapping[str, Any]) -> JudgeVectors:
    """The judge of a saved measure.

    Raises:
        MeasureError: what the measure keeps of it does not hold together.
    """
    text, labels, reading = str(origin["rubric"]), list(origin["labels"]), origin["reading"]
    if len(text) > LONGEST or reading not in ("parsed", "weighed"):
        raise MeasureError("the measure's rubric is too long, or is read in an unknown way")
    words = {str(label)[:200]: str(label)[:200] for label in labels}
    return JudgeVectors(judge, Rubric(text=text, words=words, reading=reading))


def judge_budget(config: EstablishRun) -> Budget:
    """For a judge among the features; nothing else is asked."""
    if config.establish.judge is None:
        return Budget()
    judge = TargetConfig(name=config.establish.judge)
    return budget_for(config.budget, {ROLE: (open_target(judge), judge)}, queried=(ROLE,))


def judge_spent(store: Store) -> list[dict[str, Any]]:
    """Rows of `Store.spent()`."""
    return [row for row in store.spent() if row["role"] == ROLE]


def recorded_in(store: Store, seed: int, budget: Budget | None) -> Recorded:
    """A run's database keeps what the judge says, so that nothing is asked twice."""

    def recorded(judge: Target) -> Target:
        return RecordedTarget(
            judge,
            store,
            stage="establish",
            seed=seed,
            role=ROLE,
            ask_failed_again=True,
            budget=budget,
        )

    return recorded
