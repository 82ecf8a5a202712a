"""Wrong labels: how many there are, and how far each label can be believed.

A measure that is calibrated against labels of which a tenth are wrong is never surer than nine in
ten, however well it tells texts apart. How often labels are wrong shows where two annotators
labelled the same item, and nowhere else.

The model is that of Dawid and Skene 1979 with one error for all: an annotator who errs gives each
of the other labels as often, and annotators err apart. Errors that two annotators share are
not seen.
"""

import math
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from temper.errors import MeasureError
from temper.establish.agreement import votes_of
from temper.records import Guideline, Label
from temper.stats.proportion import wilson

FEWEST = 30
"""Items with two labels without which nothing is said of wrong labels."""
MOST = 0.45
"""A larger share cannot be told from labels given at random."""
Floats = NDArray[np.float64]


class Noise(NamedTuple):
    """The share of wrong labels, in [0, 1)."""

    share: float
    low: float
    high: float
    """95 % interval: a score interval of the disagreements, put through the model."""
    items: int
    """Items that two or more annotators labelled."""

    def to_json(self) -> dict[str, float | str]:
        return {**self._asdict(), "said": self.said()}

    def said(self) -> str:
        if self.items == 0:
            return f"It was told that {self.share:.1%} of the labels are wrong"
        return (
            f"About {self.share:.1%} of the labels are wrong [{self.low:.1%}, {self.high:.1%}],"
            f" by {self.items} items with two labels"
        )


def estimate_noise(labels: Sequence[Label], classes: int) -> Noise:
    """From how often two annotators differ on an item; items weigh alike.

    Args:
        labels: of all annotators; skipped ones and adjudications say nothing.
        classes: how many labels there are to choose from, at least 2.

    Raises:
        MeasureError: fewer than 30 items have two annotators' labels.
    """
    differing = [
        sum(one != other for one, other in combinations(own.values(), 2)) / math.comb(len(own), 2)
        for own in votes_of(labels).values()
        if len(own) > 1
    ]
    if len(differing) < FEWEST:
        raise MeasureError(
            f"{len(differing)} items have two annotators' labels, and {FEWEST} are needed to"
            " estimate how many labels are wrong: have some labelled by another annotator"
            " (label.each = 2, or label.again), or set establish.label_noise to a number"
        )
    share = float(np.mean(differing))
    reach = wilson(round(sum(differing)), len(differing))
    return Noise(
        error_of(share, classes),
        error_of(reach.low, classes),
        error_of(reach.high, classes),
        len(differing),
    )


def error_of(differing: float, classes: int) -> float:
    """The share of wrong labels e at which two differ so often: 1 - (1-e)^2 - e^2/(K-1)."""
    # (K/(K-1)) e^2 - 2e + d = 0, the smaller root
    curve = classes / (classes - 1)
    root = 1 - curve * differing
    return MOST if root <= 0 else min((1 - math.sqrt(root)) / curve, MOST)


def doubts(
    labels: Sequence[Label], values: Mapping[str, str], share: float, guideline: Guideline
) -> dict[str, float]:
    """P(the item's label is wrong), by what its annotators said; all labels as likely before.

    It is that of items whose truth is among the measure's labels, since it has none to give others.
    What was adjudicated is not in doubt. A label that was chosen against the votes (one annotator
    counted for more than two) is at most in so much doubt that it says nothing.

    Args:
        labels: of all annotators.
        values: the one label of each item, e.g. its majority.
        share: of labels that are wrong, errors towards labels that are set aside among them.
        guideline: whose labels they are.

    Returns:
        In [0, 1 - 1/K] for the K labels of the measure; items that are set aside are left out.
    """
    if share == 0:
        return {}
    odds = math.log((1 - share) * (len(guideline.labels) - 1) / share)
    settled = {label.item_id for label in labels if label.kind == "adjudicator"}
    votes, found, trained = votes_of(labels), dict[str, float](), guideline.trained
    for item, value in values.items():
        if value not in trained:
            continue
        said = list(votes.get(item, {}).values()) or [value]
        logs_K = odds * np.array([said.count(one) for one in trained])
        p_K = np.exp(logs_K - logs_K.max())
        wrong = 1 - p_K[trained.index(value)] / p_K.sum()
        found[item] = 0.0 if item in settled else float(min(wrong, 1 - 1 / len(trained)))
    return found


def as_labelled(p_N: Floats, doubt_N: Floats, failing: int, classes: int) -> Floats:
    """P(the label is a failure) of items that fail with probability p_N.

    Args:
        p_N: P(failure) in [0, 1].
        doubt_N: P(the label is wrong) of each item.
        failing: how many of the measure's labels are failures.
        classes: how many labels the measure has.
    """
    other_N = doubt_N / (classes - 1)
    return p_N * (1 - doubt_N + (failing - 1) * other_N) + (1 - p_N) * failing * other_N
