"""What a linear member sees of a text: n-grams, a model's states, an earlier measure's word."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from temper.text.tfidf import Tfidf

Dense = NDArray[np.float32]
Embed = Callable[[Sequence[str]], Dense]
"""Texts to vectors, (texts, features)."""


class Features(Protocol):
    """Fixed once fitted: texts to a matrix of (texts, features), sparse or dense."""

    @property
    def kind(self) -> str: ...

    def __call__(self, texts: Sequence[str]) -> Any: ...


@dataclass(frozen=True, slots=True)
class Scaled:
    """Vectors of a model, standardised; what model and which layer is kept in `origin`."""

    embed: Embed
    mean_F: Dense
    deviation_F: Dense
    origin: Mapping[str, Any]
    """JSON-safe: kind, name, hash and layer."""

    @property
    def kind(self) -> str:
        return str(self.origin["kind"])

    def __call__(self, texts: Sequence[str]) -> Dense:
        return (self.embed(texts) - self.mean_F) / self.deviation_F

    @classmethod
    def fit(cls, vectors_NF: Dense, embed: Embed, origin: Mapping[str, Any]) -> "Scaled":
        deviation_F = vectors_NF.std(axis=0)
        return cls(
            embed, vectors_NF.mean(axis=0), np.where(deviation_F > 1e-6, deviation_F, 1), origin
        )


@dataclass(frozen=True, slots=True)
class Beside:
    """Features with an earlier measure's log-probabilities beside them."""

    features: "Features"
    earlier: Embed

    @property
    def kind(self) -> str:
        return self.features.kind

    def __call__(self, texts: Sequence[str]) -> Any:
        return side_by_side(self.features(texts), self.earlier(texts))


def side_by_side(left_NF: Any, right_NF: Dense) -> Any:
    from scipy import sparse

    if sparse.issparse(left_NF):
        return sparse.hstack([left_NF, sparse.csr_matrix(right_NF)]).tocsr()
    return np.hstack([left_NF, right_NF])


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One kind of features that cross-validation may choose."""

    name: str
    """E.g. "tfidf", "states/layer 2"."""
    fit: Callable[[Sequence[str]], Features]
    """Fit on the training texts, without their labels."""


def tfidf_candidate() -> Candidate:
    return Candidate(name="tfidf", fit=Tfidf.fit)


def embedded_candidate(name: str, embed: Embed, origin: Mapping[str, Any]) -> Candidate:
    return Candidate(
        name=name, fit=lambda texts: Scaled.fit(embed(texts), embed, {**origin, "name": name})
    )


def with_earlier(candidate: Candidate, earlier: Embed) -> Candidate:
    """The candidate with an earlier measure's judgement beside its features."""
    return Candidate(
        name=f"{candidate.name} + start",
        fit=lambda texts: Beside(candidate.fit(texts), earlier),
    )
