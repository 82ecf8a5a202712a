"""How alike texts are, and the one definition of a distinct finding."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Indel

EDIT_SIMILARITY, COSINE = 0.7, 0.9
"""Two texts are the same finding from either of these on."""


def edit_similarity(one: str, other: str) -> float:
    """1 for equal texts, 0 for texts without a common subsequence (2 x LCS / total length)."""
    return Indel.normalized_similarity(one, other)


def trigram_vectors(texts: Sequence[str]) -> NDArray[np.float64]:
    """Unit-length counts of character trigrams, (texts, trigrams): it needs no model."""
    counts = [
        Counter(f"  {text.lower()} "[i : i + 3] for i in range(len(text) + 1)) for text in texts
    ]
    index = {gram: place for place, gram in enumerate(sorted(set().union(*counts)))}
    vectors_ND = np.zeros((len(texts), max(1, len(index))))
    for row, count in enumerate(counts):
        for gram, times in count.items():
            vectors_ND[row, index[gram]] = times
    return vectors_ND / np.maximum(np.linalg.norm(vectors_ND, axis=1, keepdims=True), 1e-12)


def cluster_findings(texts: Sequence[str]) -> list[list[int]]:
    """Group texts into findings; put the best text first and it leads its cluster.

    Each text joins the first cluster whose leader it resembles, else it leads a new one: no chains,
    and the same order gives the same clusters.

    Returns:
        Indices by cluster, the leader first.
    """
    vectors_ND = trigram_vectors(texts) if texts else np.zeros((0, 1))
    clusters: list[list[int]] = []
    for place, text in enumerate(texts):
        for cluster in clusters:
            leader = cluster[0]
            if (
                edit_similarity(text, texts[leader]) >= EDIT_SIMILARITY
                or float(vectors_ND[place] @ vectors_ND[leader]) >= COSINE
            ):
                cluster.append(place)
                break
        else:
            clusters.append([place])
    return clusters


def vendi_score(texts: Sequence[str]) -> float | None:
    """Effective number of different texts, 1 to N: exp of the similarity spectrum's entropy.

    Source: Friedman and Dieng 2023 (arXiv:2210.02410), on cosine similarity of character trigrams.
    """
    return vendi_of(trigram_vectors(texts)) if texts else None


def vendi_of(vectors_ND: NDArray[Any]) -> float:
    """The Vendi score by cosine of given vectors of unit length, at least one."""
    tall = len(vectors_ND) > vectors_ND.shape[1]
    # both products have the same spectrum above zero
    product = vectors_ND.T @ vectors_ND if tall else vectors_ND @ vectors_ND.T
    spectrum = np.linalg.eigvalsh(product.astype(np.float64) / len(vectors_ND))
    spectrum = spectrum[spectrum > 1e-12]
    return float(np.exp(-(spectrum * np.log(spectrum)).sum()))


def distinct_share(texts: Sequence[str], length: int) -> float | None:
    """Distinct runs of `length` words among all of them, in (0, 1]; None where there is no run."""
    runs: Counter[tuple[str, ...]] = Counter()
    for text in texts:
        words = text.lower().split()
        runs.update(tuple(words[i : i + length]) for i in range(len(words) - length + 1))
    return len(runs) / runs.total() if runs else None


def self_bleu(texts: Sequence[str]) -> float | None:
    """Mean BLEU of each text against all others, 0 (all different) to 1; None below two."""
    if len(texts) < 2:
        return None
    from sacrebleu.metrics.bleu import BLEU

    bleu = BLEU(effective_order=True)
    scores = [
        bleu.sentence_score(text, [*texts[:place], *texts[place + 1 :]]).score / 100
        for place, text in enumerate(texts)
    ]
    return float(np.mean(scores))
