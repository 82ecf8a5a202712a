"""The ensemble: features chosen by cross-validation, then members that each leave out a fold."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from temper.establish.calibrate import Calibrator, fit_balance
from temper.establish.features import Candidate, Features
from temper.establish.split import Ints, Labelled, folds_of
from temper.protocols import Reporter
from temper.stats.classification import auroc, recalls
from temper.text.linear import Floats, Linear, fit_linear, softmax


class Tried(NamedTuple):
    """How one kind of features did in cross-validation."""

    name: str
    strength: float
    macro_recall: float
    auroc: float | None
    """Of failure against the rest; None where the folds do not have both."""

    @property
    def score(self) -> float:
        """What the choice goes by: the mean of both, which no scale of probabilities disturbs."""
        parts = [self.macro_recall] if self.auroc is None else [self.macro_recall, self.auroc]
        return sum(parts) / len(parts)


class Choice(NamedTuple):
    """The features and regularisation that did best, and all that were tried."""

    features: Features
    matrix_NF: Any
    """Of the training texts."""
    strength: float
    left_out_NK: Floats
    """Of every training item, by the classifier that did not see its fold."""
    tried: list[Tried]
    """The best strength of each candidate, best first."""


class Trained(NamedTuple):
    """What became of one member."""

    recall_K: tuple[float, ...]
    """On its left-out fold."""
    retrained: bool
    below_floor: bool
    """Still, after that."""


@dataclass(frozen=True, slots=True)
class LinearEnsemble:
    """Members on the same features; their probabilities are averaged.

    Source: ensembles of five in Casper et al. 2023, whose code averages logits. We average
    probabilities, so that one extreme member cannot outvote four.
    """

    features: Features
    members: tuple[Linear, ...]

    def probabilities(self, texts: Sequence[str]) -> Floats:
        """(texts, classes)."""
        return average(self.features(texts), self.members)

    def each(self, texts: Sequence[str]) -> Floats:
        """Of every member: (members, texts, classes)."""
        matrix_NF = self.features(texts)
        return np.stack([softmax(member.logits(matrix_NF)) for member in self.members])


def average(matrix_NF: Any, members: Sequence[Linear]) -> Floats:
    return np.mean([softmax(member.logits(matrix_NF)) for member in members], axis=0)


def choose_features(
    candidates: Sequence[Candidate],
    training: Labelled,
    *,
    classes: int,
    failure: Sequence[int],
    strengths: Sequence[float],
    folds: int,
    seed: int,
    reporter: Reporter,
) -> Choice:
    """Try every candidate at every strength on the same folds.

    Features are fitted on all training texts, of which they see no label.
    """
    reporter.stage("features tried", len(candidates))
    parts = folds_of(training, folds, seed)
    best: Choice | None = None
    tried: list[Tried] = []
    for candidate in candidates:
        features = candidate.fit(training.texts)
        matrix_NF = features(training.texts)
        own: list[Tried] = []
        for strength in strengths:
            left_out_NK = cross_validate(matrix_NF, training, parts, classes, strength, seed)
            result = score_left_out(
                candidate.name, strength, left_out_NK, training.classes_N, failure
            )
            if result.score > max((one.score for one in tried + own), default=-1.0):
                best = Choice(features, matrix_NF, strength, left_out_NK, [])
            own.append(result)
        tried.append(max(own, key=lambda one: one.score))
        reporter.advance(1)
    assert best is not None, "no candidates"
    return best._replace(tried=sorted(tried, key=lambda one: -one.score))


def score_left_out(
    name: str, strength: float, left_out_NK: Floats, classes_N: Ints, failure: Sequence[int]
) -> Tried:
    """Macro recall once classes are balanced, which takes two or three numbers from these items."""
    left_out_NK = fit_balance(left_out_NK, classes_N).probabilities(left_out_NK, failure)
    recall_K = recalls(left_out_NK.argmax(axis=1), classes_N, left_out_NK.shape[1])
    area = auroc(left_out_NK[:, list(failure)].sum(axis=1), np.isin(classes_N, failure))
    return Tried(name, strength, float(np.nanmean(recall_K)), area)


def cross_validate(
    matrix_NF: Any,
    training: Labelled,
    folds: Sequence[Ints],
    classes: int,
    strength: float,
    seed: int,
    most: int | None = None,
) -> Floats:
    """Probabilities of every item by a classifier that did not see its fold.

    Where `most` is given, each is trained on so many items of the other folds, drawn at random.
    """
    left_out_NK = np.full((len(training), classes), 1 / classes)
    rng = np.random.default_rng(seed)
    for fold in folds:
        rest = np.setdiff1d(np.arange(len(training)), fold)
        if most is not None and most < len(rest):
            rest = rng.choice(rest, most, replace=False)
        if len(set(training.classes_N[rest].tolist())) == classes:
            member = fit_linear(matrix_NF[rest], training.classes_N[rest], classes, strength, seed)
            left_out_NK[fold] = softmax(member.logits(matrix_NF[fold]))
    return left_out_NK


def train_members(
    matrix_NF: Any,
    training: Labelled,
    *,
    classes: int,
    strength: float,
    members: int,
    recall_floor: float,
    balance: Calibrator,
    seed: int,
) -> tuple[list[Linear], list[Trained]]:
    """One member for each fold left out; one that is too weak on its fold is trained again.

    The second try leaves out another fold and is kept where its weakest class does better.
    """
    folds = folds_of(training, members, seed)
    again = folds_of(training, members, seed + 1)
    linears: list[Linear] = []
    reports: list[Trained] = []

    def train(fold: Ints, own_seed: int) -> tuple[Linear, Floats]:
        rest = np.setdiff1d(np.arange(len(training)), fold)
        member = fit_linear(matrix_NF[rest], training.classes_N[rest], classes, strength, own_seed)
        p_NK = balance.probabilities(softmax(member.logits(matrix_NF[fold])), ())
        return member, recalls(p_NK.argmax(axis=1), training.classes_N[fold], classes)

    for place in range(members):
        linear, recall_K = train(folds[place], seed)
        retrained = bool(np.nanmin(recall_K) < recall_floor)
        if retrained:
            other, other_K = train(again[place], seed + 1)
            if np.nanmin(other_K) > np.nanmin(recall_K):
                linear, recall_K = other, other_K
        linears.append(linear)
        below = bool(np.nanmin(recall_K) < recall_floor)
        reports.append(Trained(tuple(float(r) for r in recall_K), retrained, below))
    return linears, reports
