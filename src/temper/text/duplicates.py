"""Near-duplicates of a large collection: what must not be torn apart by a split."""

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from temper.text.similarity import COSINE

SKETCH = 256
"""Random directions that trigram counts are projected on."""
MARGIN = 0.25
"""Four standard errors of a cosine between sketches: nearer pairs are compared exactly."""
BLOCK = 1_000


def duplicate_groups(texts: Sequence[str]) -> NDArray[np.int64]:
    """The near-duplicate cluster of each text, numbered from 0 by first appearance.

    Texts whose character trigrams have a cosine of at least `COSINE`, as for findings, are linked,
    and what is linked is one cluster. Edit similarity is left out: among sentences of one pattern
    it links everything. 16,000 sentences take some ten seconds; time grows with the square.
    """
    if not texts:
        return np.zeros(0, np.int64)
    from scipy import sparse
    from scipy.sparse.csgraph import connected_components

    vectors_ND: Any = _trigrams(texts)
    sketch_NS = _sketch(vectors_ND)
    ones: list[NDArray[np.int64]] = []
    others: list[NDArray[np.int64]] = []
    for start in range(0, len(texts), BLOCK):
        near_BN = sketch_NS[start : start + BLOCK] @ sketch_NS.T
        one, other = np.nonzero(near_BN >= COSINE - MARGIN)
        one = one + start
        keep = one < other
        one, other = one[keep], other[keep]
        cosine = np.asarray(vectors_ND[one].multiply(vectors_ND[other]).sum(axis=1)).ravel()
        ones.append(one[cosine >= COSINE])
        others.append(other[cosine >= COSINE])
    linked = np.concatenate(ones), np.concatenate(others)
    graph = sparse.coo_matrix((np.ones(len(linked[0])), linked), shape=(len(texts), len(texts)))
    _, groups_N = connected_components(graph, directed=False)
    return groups_N.astype(np.int64)


def _trigrams(texts: Sequence[str]) -> Any:
    """Unit-length counts of character trigrams, as `similarity.trigram_vectors`, but sparse."""
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.preprocessing import normalize

    counter: Any = CountVectorizer(analyzer=cast("Any", _grams_of))
    return normalize(counter.fit_transform(texts).astype(np.float64))


def _grams_of(text: str) -> list[str]:
    padded = f"  {text.lower()} "
    return [padded[place : place + 3] for place in range(len(text) + 1)]


def _sketch(vectors_ND) -> NDArray[np.float32]:  # type: ignore[no-untyped-def]
    """Unit-length random projections whose cosines are those of the vectors, but for noise."""
    directions = np.random.default_rng(0).standard_normal((vectors_ND.shape[1], SKETCH))
    sketch_NS = (vectors_ND @ directions).astype(np.float32)
    return sketch_NS / np.maximum(np.linalg.norm(sketch_NS, axis=1, keepdims=True), 1e-12)
