"""How much of the explored text a subset shows, beside random subsets of the same size."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from temper.explore.clusters import Clusters, Floats
from temper.text.similarity import distinct_share, self_bleu, vendi_of

Ints = NDArray[np.int64]
RANDOM_SUBSETS = 20
MOST_TEXTS = 1_000
"""Larger subsets are scored on so many of them: Vendi's cost grows with the cube."""
MOST_REACHED = 2_000
"""The reach is a mean over so many texts, drawn at random."""
MOST_BLEU = 60
"""Self-BLEU's cost grows with the square, and it is slow."""


class Coverage(NamedTuple):
    """One figure of the chosen subset beside random subsets of its size."""

    name: str
    chosen: float
    random: float
    """Mean over the random subsets."""
    low: float
    high: float
    """Least and greatest but the outermost 2.5 % of the random subsets."""


Score = Callable[[Ints], float]


def coverage(
    texts: Sequence[str],
    directions_ND: Floats,
    clusters: Clusters,
    chosen: Ints,
    seed: int,
) -> list[Coverage]:
    """Clusters, reach, Vendi score, distinct pairs of words, and Self-BLEU.

    "clusters": how many have a text in the subset. "reach": mean cosine distance of explored
    texts to the nearest of the subset (less is better). "vendi": effective number of different
    texts, by cosine of the embeddings. "distinct_2": distinct pairs of words among all pairs.
    "self_bleu": 0 for texts that share nothing (less is better).
    """
    rng = np.random.default_rng([seed, 1])
    chosen = rng.permutation(chosen)  # some figures look at the first ones only
    some_SD = directions_ND[rng.permutation(len(texts))[:MOST_REACHED]]
    scores: Mapping[str, Score] = {
        "clusters": lambda rows: len(np.unique(clusters.label_N[rows])),
        "reach": lambda rows: float((1 - _closest(some_SD, directions_ND[rows])).mean()),
        "vendi": lambda rows: vendi_of(directions_ND[rows[:MOST_TEXTS]]),
        "distinct_2": lambda rows: distinct_share([texts[int(row)] for row in rows], 2) or 0.0,
    }
    others = [rng.choice(len(texts), len(chosen), replace=False) for _ in range(RANDOM_SUBSETS)]
    found = [_compare(name, score, chosen, others) for name, score in scores.items()]
    if len(chosen) > 1:

        def bleu(rows: Ints) -> float:
            return self_bleu([texts[int(row)] for row in rows[:MOST_BLEU]]) or 0.0

        found.append(_compare("self_bleu", bleu, chosen, others[:5]))
    return found


def _compare(name: str, score: Score, chosen: Ints, others: Sequence[Ints]) -> Coverage:
    by_chance = [score(rows) for rows in others]
    low, high = np.quantile(by_chance, [0.025, 0.975])
    return Coverage(name, score(chosen), float(np.mean(by_chance)), float(low), float(high))


def _closest(texts_SD: Floats, subset_MD: Floats) -> Floats:
    """Cosine of each text with the nearest of the subset, in blocks that fit the memory."""
    blocks = [
        (texts_SD[start : start + 512] @ subset_MD.T).max(axis=1)
        for start in range(0, len(texts_SD), 512)
    ]
    return np.concatenate(blocks)
