"""A filter for the kind of text that the concern is about, and what it wrongly drops."""

import random
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from temper.errors import ConfigError
from temper.records import Rate
from temper.stats import wilson

Probabilities = NDArray[np.float64]
Keep = Callable[[Sequence[str]], Probabilities]
"""P(of the kind) of each text, in [0, 1]; any saved measure will do."""
FEWEST_EXAMPLES = 40
CHECKED_SHARE = 0.25


class Filter(NamedTuple):
    keep: Keep
    threshold: float
    """Texts below are dropped."""
    wanted: tuple[str, ...] = ()
    """Texts that are of the kind for certain, and had no part in making the filter."""

    def keeps(self, texts: Sequence[str]) -> NDArray[np.bool_]:
        return self.keep(texts) >= self.threshold if texts else np.zeros(0, bool)

    def false_rejections(self) -> Rate:
        """How many of the wanted texts it drops."""
        dropped = int((~self.keeps(self.wanted)).sum())
        n = len(self.wanted)
        low, high = wilson(dropped, n)
        return Rate(
            name="explore.false_rejections",
            value=dropped / n if n else None,
            low=low if n else None,
            high=high if n else None,
            n=n,
            cluster="text",
            clusters=n,
            judge="exact",
            note="of texts of the wanted kind that the filter was not made with",
        )


def train_filter(
    examples: Sequence[str], texts: Sequence[str], drop_share: float, seed: int
) -> Filter:
    """Tell the examples from what the target says, and drop the texts that are least like them.

    Linear on words and pairs of words. The texts are scored by a model that did not see them (two
    halves, crossed), since a model would know its own negatives by heart.

    Args:
        examples: texts of the wanted kind; a quarter is held out to count false rejections.
        texts: what the target said.
        drop_share: of the texts.
        seed: decides who is held out.

    Raises:
        ConfigError: too few examples.

    Source:
        Casper et al. 2023 drop the 15 % of GPT-3's samples that a classifier calls least like CREAK
        claims. We count what that costs.
    """
    if len(examples) < FEWEST_EXAMPLES:
        raise ConfigError(
            f"explore.like holds {len(examples)} texts: a filter needs at least {FEWEST_EXAMPLES}"
        )
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    shuffled = random.Random(f"{seed}/like").sample(list(examples), len(examples))
    cut = int(len(shuffled) * CHECKED_SHARE)
    wanted, known = shuffled[:cut], shuffled[cut:]
    half_of = {text: place % 2 for place, text in enumerate(texts)}
    models = [
        make_pipeline(
            TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
            LogisticRegression(class_weight="balanced", max_iter=1000),
        ).fit(
            [*known, *(part := [text for text in texts if half_of[text] != half])],
            [1] * len(known) + [0] * len(part),
        )
        for half in (0, 1)
    ]

    def keep(asked: Sequence[str]) -> Probabilities:
        both = np.stack([model.predict_proba(asked)[:, 1] for model in models])
        half_N = np.array([half_of.get(text, -1) for text in asked])
        return np.where(half_N < 0, both.mean(axis=0), both[half_N.clip(0), np.arange(len(asked))])

    threshold = float(np.quantile(keep(texts), drop_share))
    return Filter(keep, threshold, tuple(wanted))
