"""Weighted n-grams of words and letters: features that need no model."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from temper.errors import MeasureError

MOST_FEATURES = 200_000
RARE_FROM = 1_000
"""With so many texts or more, an n-gram of one text alone is left out."""
ANALYZERS: tuple[dict[str, Any], ...] = (
    {"analyzer": "word", "ngram_range": (1, 2), "token_pattern": r"\w+"},
    {"analyzer": "char_wb", "ngram_range": (2, 5)},
)


class Tfidf:
    """Words and pairs of them, and two to five letters within words; two unit vectors side by side.

    Args:
        grams: for each analyzer, the n-grams it counts, in order of their columns.
        idf: weight of every n-gram, all analyzers one after the other.
    """

    kind = "tfidf"

    def __init__(self, grams: Sequence[Sequence[str]], idf: NDArray[np.float32]) -> None:
        self.grams, self.idf = [list(part) for part in grams], idf

    @classmethod
    def fit(cls, texts: Sequence[str]) -> Self:
        """Count the n-grams of these texts, without regard to any label.

        Raises:
            MeasureError: the texts hold no word.
        """
        from sklearn.feature_extraction.text import TfidfVectorizer

        least = 2 if len(texts) >= RARE_FROM else 1
        grams: list[list[str]] = []
        idfs: list[NDArray[np.float32]] = []
        for options in ANALYZERS:
            vectorizer = TfidfVectorizer(
                **options, min_df=least, max_features=MOST_FEATURES // len(ANALYZERS)
            )
            try:
                vectorizer.fit(texts)
            except ValueError as error:
                raise MeasureError(f"no n-grams in {len(texts)} texts: {error}") from error
            grams.append([str(gram) for gram in vectorizer.get_feature_names_out()])
            idfs.append(vectorizer.idf_.astype(np.float32))
        return cls(grams, np.concatenate(idfs))

    @property
    def names(self) -> list[str]:
        """What each column counts; letters within words are marked by quotes."""
        words, letters = self.grams
        return [*words, *(f'"{gram}"' for gram in letters)]

    @property
    def width(self) -> int:
        return len(self.idf)

    def __call__(self, texts: Sequence[str]) -> Any:
        """Sparse (texts, features)."""
        from scipy import sparse

        parts = [vectorizer.transform(texts) for vectorizer in self._vectorizers]
        return sparse.hstack(parts).tocsr().astype(np.float32)

    @cached_property
    def _vectorizers(self) -> list[Any]:
        from sklearn.feature_extraction.text import TfidfVectorizer

        built: list[Any] = []
        start = 0
        for options, grams in zip(ANALYZERS, self.grams, strict=True):
            vectorizer = TfidfVectorizer(
                **options,
                sublinear_tf=True,
                vocabulary={gram: place for place, gram in enumerate(grams)},
            )
            vectorizer.idf_ = self.idf[start : start + len(grams)].astype(np.float64)
            built.append(vectorizer)
            start += len(grams)
        return built

    def to_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "grams": self.grams}

    @classmethod
    def from_saved(cls, row: Mapping[str, Any], idf: NDArray[np.float32]) -> Self:
        """What `to_json` and `idf` kept.

        Raises:
            MeasureError: the file does not hold together.
        """
        grams = row.get("grams")
        if not isinstance(grams, list) or len(grams) != len(ANALYZERS):
            raise MeasureError("the n-grams of the saved measure are damaged")
        if any(not isinstance(gram, str) for part in grams for gram in part):
            raise MeasureError("the n-grams of the saved measure are damaged")
        if any(len(set(part)) != len(part) for part in grams) or sum(map(len, grams)) != len(idf):
            raise MeasureError("the saved measure has another number of n-grams than of weights")
        return cls(grams, idf)
