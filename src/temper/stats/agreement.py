"""How far annotators agree beyond chance, and what the truth behind disagreeing labels may be."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np

from temper.stats.proportion import LEVEL, Floats, Interval

Level = Literal["nominal", "ordinal"]
RESAMPLES = 1_000


class Agreement(NamedTuple):
    """Krippendorff's alpha: 1 is perfect, 0 is chance, below 0 is systematic disagreement."""

    value: float
    interval: Interval | None
    """95 %, over resampled items; None where resamples hold one label alone."""
    items: int
    """With labels of two annotators or more."""


def krippendorff_alpha(counts_UK: Floats, level: Level, *, seed: int = 0) -> Agreement | None:
    """Alpha of any number of annotators with any labels missing.

    Args:
        counts_UK: how many annotators gave each item each label; labels in their order.
        level: "ordinal" takes near labels for smaller disagreements.
        seed: of the resampling.

    Returns:
        None where no item has two labels, or only one label was ever given.

    Source:
        Krippendorff 2011, Computing Krippendorff's alpha-reliability. The interval resamples items,
        not pairs as he proposes, since pairs of one item are not independent.
    """
    counts_UK = counts_UK[counts_UK.sum(axis=1) >= 2]
    if len(counts_UK) == 0:
        return None
    value = _alpha(counts_UK, level)
    if value is None:
        return None
    rng = np.random.default_rng(seed)
    drawn = [
        _alpha(counts_UK[rng.integers(0, len(counts_UK), len(counts_UK))], level)
        for _ in range(RESAMPLES)
    ]
    values = [one for one in drawn if one is not None]
    interval = None
    if len(values) >= RESAMPLES / 2:
        low, high = np.quantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
        interval = Interval(float(low), float(high))
    return Agreement(value, interval, len(counts_UK))


def _alpha(counts_UK: Floats, level: Level) -> float | None:
    pairs_U = counts_UK.sum(axis=1)
    scaled_UK = counts_UK / (pairs_U - 1)[:, None]
    coincidence_KK = counts_UK.T @ scaled_UK - np.diag(scaled_UK.sum(axis=0))
    marginal_K = coincidence_KK.sum(axis=0)
    total = marginal_K.sum()
    distance_KK = _distances(marginal_K, level)
    expected = (np.outer(marginal_K, marginal_K) * distance_KK).sum() / (total - 1)
    if expected == 0:
        return None
    return float(1 - (coincidence_KK * distance_KK).sum() / expected)


def _distances(marginal_K: Floats, level: Level) -> Floats:
    """Squared distance between labels; ordinal ones count the labels given in between."""
    if level == "nominal":
        return 1 - np.eye(len(marginal_K))
    middle_K = np.cumsum(marginal_K) - marginal_K / 2
    return (middle_K[:, None] - middle_K[None, :]) ** 2


class Consensus(NamedTuple):
    """What Dawid and Skene's model makes of several annotators' labels."""

    posterior_UK: Floats
    """P(true label) of each item."""
    confusion_AKK: Floats
    """For each annotator P(given label | true label); rows are true labels."""


def dawid_skene(given_UA: Sequence[Sequence[int | None]], labels: int) -> Consensus:
    """The truth behind labels of annotators who err each in their own way, by EM.

    Args:
        given_UA: for each item every annotator's label, None where there is none.
        labels: how many labels there are.

    Source:
        Dawid and Skene 1979. Each annotator's confusion matrix has one pseudo label a row in the
        pooled shares, so that one who gave three labels is not taken for perfect.
    """
    given = np.array([[-1 if one is None else one for one in row] for row in given_UA], dtype=int)
    votes_AUK = np.stack([np.eye(labels + 1)[column][:, :labels] for column in given.T])
    posterior_UK = votes_AUK.sum(axis=0) + 1e-9
    posterior_UK /= posterior_UK.sum(axis=1, keepdims=True)
    confusion_AKK = np.zeros((given.shape[1], labels, labels))
    for _ in range(200):
        joint_AKK = np.einsum("uk,aul->akl", posterior_UK, votes_AUK)
        pooled_KK = joint_AKK.sum(axis=0) + 1 / labels
        joint_AKK = joint_AKK + pooled_KK / pooled_KK.sum(axis=1, keepdims=True)
        confusion_AKK = joint_AKK / joint_AKK.sum(axis=2, keepdims=True)
        prior_K = (posterior_UK.sum(axis=0) + 1 / labels) / (len(given) + 1)
        logs_UK = np.log(prior_K) + np.einsum("aul,akl->uk", votes_AUK, np.log(confusion_AKK))
        logs_UK -= logs_UK.max(axis=1, keepdims=True)
        new_UK = np.exp(logs_UK)
        new_UK /= new_UK.sum(axis=1, keepdims=True)
        moved = float(np.abs(new_UK - posterior_UK).max())
        posterior_UK = new_UK
        if moved < 1e-6:
            break
    return Consensus(posterior_UK, confusion_AKK)
