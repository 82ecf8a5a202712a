"""Show what a cluster holds: its own words, and texts from its middle and its edge."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from temper.explore.clusters import Clusters

WORDS, FROM_MIDDLE = 5, 2
TELLING = 1.2
"""Least ratio of a word's share here to its share elsewhere."""
_WORD = re.compile(r"[^\W\d_][\w'’-]+")


class Description(NamedTuple):
    cluster: int
    size: int
    chosen: int
    words: list[str]
    """Words that are commonest here beside everywhere, the most telling first."""
    examples: list[str]
    """Two texts from the middle of the cluster and one from its edge."""


def describe(texts: Sequence[str], clusters: Clusters, chosen: Sequence[bool]) -> list[Description]:
    """Every cluster, the largest first."""
    words_in = [set(_WORD.findall(text.lower())) for text in texts]
    everywhere = Counter(word for words in words_in for word in words)
    found: list[Description] = []
    for cluster in range(len(clusters.sizes)):
        rows_N = np.flatnonzero(clusters.label_N == cluster)
        rows: list[int] = rows_N.tolist()
        by_distance = np.argsort(clusters.distance_N[rows_N], kind="stable")
        nearest: list[int] = rows_N[by_distance].tolist()
        here = Counter(word for row in rows for word in words_in[row])
        shown = dict.fromkeys([*nearest[:FROM_MIDDLE], *nearest[-1:]])
        found.append(
            Description(
                cluster,
                len(rows),
                sum(chosen[row] for row in rows),
                _telling(here, len(rows), everywhere, len(texts)),
                [texts[row] for row in shown],
            )
        )
    return found


def _telling(here: Counter[str], size: int, everywhere: Counter[str], n: int) -> list[str]:
    """Words that many texts have here and few elsewhere: share x smoothed log ratio."""

    def weight(word: str) -> float:
        inside, outside = here[word], everywhere[word] - here[word]
        ratio = ((inside + 0.5) / (size + 1)) / ((outside + 0.5) / (n - size + 1))
        return inside / size * float(np.log(ratio)) if ratio >= TELLING else 0.0

    ranked = sorted(here, key=lambda word: (-weight(word), word))
    return [word for word in ranked[:WORDS] if weight(word) > 0]
