"""What the target is asked, round by round."""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from temper.records import Decoding, Prompt, Request

OPENING_WORDS = (1, 4)
"""Fewest and most words of a text that a later round goes on from."""


@dataclass(frozen=True, slots=True)
class Start:
    """What a draw begins with: a prompt, and an opening that belongs to the text it draws."""

    prompt: Prompt
    opening: str = ""
    """Shown and judged as part of the text; the prompt ends in it."""


class Draw(NamedTuple):
    request: Request
    start: Start


UNPROMPTED = Start(Prompt.raw(""))


def opened(text: str) -> Start:
    """Go on from a text; it stays part of what is judged."""
    return Start(Prompt.raw(text), text)


def draws(starts: Sequence[Start], count: int, decoding: Decoding) -> Iterator[Draw]:
    """`count` draws, the starts in turn; equal starts get sample numbers of their own."""
    drawn: Counter[Start] = Counter()
    for place in range(count):
        start = starts[place % len(starts)]
        yield Draw(Request(prompt=start.prompt, decoding=decoding, sample=drawn[start]), start)
        drawn[start] += 1


def opening_of(text: str, seed: str) -> Start:
    """Go on from the first one to four words of a text, but never from all of it."""
    rng = random.Random(f"{seed}/{text}")
    words = text.split()
    few, most = OPENING_WORDS
    return opened(" ".join(words[: min(rng.randint(few, most), max(1, len(words) - 1))]))


def rows_where_wanted(
    clusters_N: NDArray[np.int64],
    suspicion_N: NDArray[np.float64] | None,
    count: int,
    seed: str,
) -> list[int]:
    """Texts that later draws should start from, drawn with replacement.

    Without a suspicion each cluster is drawn in inverse proportion to its size, so that what is
    thinly covered is looked into. With one, in proportion to its mean suspicion.

    Args:
        clusters_N: the cluster of every text so far.
        suspicion_N: P(failure) of each text by an earlier measure, in [0, 1]; None without one.
        count: texts to draw.
        seed: names every choice.

    Returns:
        Rows of clusters_N.
    """
    rng = random.Random(f"{seed}/wanted")
    members = [np.flatnonzero(clusters_N == cluster) for cluster in np.unique(clusters_N)]
    if suspicion_N is None:
        weights = [1 / len(rows) for rows in members]
    else:
        weights = [float(suspicion_N[rows].mean()) for rows in members]
    if not any(weights):
        weights = [1.0] * len(members)
    return [int(rng.choice(rows)) for rows in rng.choices(members, weights, k=count)]
