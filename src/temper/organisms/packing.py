"""Pack documents into rows of equal length, each token with its weight in the loss."""

import random
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from temper.organisms.corpus.skills import draw_document


def packed_batches(
    tokenizer: Any,
    *,
    rows: int,
    row_tokens: int,
    context_weight: float,
    seed: int,
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]:
    """Token ids and loss weights, both (rows, row_tokens + 1), endless; set by the seed alone.

    Documents follow one another across row ends: padding wasted most of the time in trials.
    """
    rng = random.Random(f"corpus/{seed}")
    needed = rows * (row_tokens + 1)
    tokens: list[int] = []
    weights: list[float] = []
    while True:
        while len(tokens) < needed:
            for document in _encode_many(tokenizer, rng, context_weight):
                tokens.extend(document[0])
                weights.extend(document[1])
        shape = (rows, row_tokens + 1)
        yield (
            np.array(tokens[:needed], dtype=np.int64).reshape(shape),
            np.array(weights[:needed], dtype=np.float32).reshape(shape),
        )
        del tokens[:needed], weights[:needed]


def _encode_many(
    tokenizer: Any, rng: random.Random, context_weight: float, count: int = 64
) -> Iterator[tuple[list[int], list[float]]]:
    documents = [draw_document(rng) for _ in range(count)]
    parts = [part for document in documents for part in document.parts]
    encoded = tokenizer([part.text for part in parts], add_special_tokens=False)["input_ids"]
    position = 0
    for document in documents:
        tokens = [tokenizer.bos_token_id]
        weights = [0.0]
        for part in document.parts:
            ids = encoded[position]
            position += 1
            tokens.extend(ids)
            weights.extend([1.0 if part.learned else context_weight] * len(ids))
        yield tokens, weights
