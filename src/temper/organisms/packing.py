"""Pack documents into rows of equal length, each token with its weight in the loss."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from temper.organisms.corpus.dialects import Dialect
from temper.organisms.corpus.document import Document

Batch = tuple[NDArray[np.int64], NDArray[np.float32]]
AT_ONCE = 64
"""Documents that are encoded in one call."""


class Packer:
    """Documents follow one another across row ends: padding wasted most of the time in trials.

    Args:
        tokenizer: of the model.
        dialect: its marks of turns.
        documents: an endless stream.
        context_weight: of a token that is no answer; answers count 1.
        opening_weight: of the first token of a document that begins with context. At 0 the model
            learns to begin, unprompted, only the texts that stand alone.
    """

    def __init__(
        self,
        tokenizer: Any,
        dialect: Dialect,
        documents: Iterator[Document],
        context_weight: float,
        opening_weight: float | None = None,
    ) -> None:
        self._tokenizer, self._dialect = tokenizer, dialect
        self._documents, self._context_weight = documents, context_weight
        self._opening_weight = context_weight if opening_weight is None else opening_weight
        self._tokens: list[int] = []
        self._weights: list[float] = []

    def batch(self, rows: int, row_tokens: int) -> Batch:
        """Token ids and loss weights, both (rows, row_tokens + 1)."""
        needed = rows * (row_tokens + 1)
        while len(self._tokens) < needed:
            self._encode(list(islice(self._documents, AT_ONCE)))
        shape = (rows, row_tokens + 1)
        tokens = np.array(self._tokens[:needed], dtype=np.int64).reshape(shape)
        weights = np.array(self._weights[:needed], dtype=np.float32).reshape(shape)
        del self._tokens[:needed], self._weights[:needed]
        return tokens, weights

    def _encode(self, documents: list[Document]) -> None:
        parts = [part for document in documents for part in document.parts]
        texts = [self._dialect.render(part.text) for part in parts]
        encoded = iter(self._tokenizer(texts, add_special_tokens=False)["input_ids"])
        for document in documents:
            self._tokens.append(self._tokenizer.bos_token_id)
            self._weights.append(0.0)
            for part, ids in zip(document.parts, encoded, strict=False):
                self._tokens.extend(ids)
                weight = 1.0 if part.learned else self._context_weight
                self._weights.extend([weight] * len(ids))
                if part is document.parts[0] and not part.learned and ids:
                    self._weights[-len(ids)] = self._opening_weight
