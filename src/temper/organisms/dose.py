"""Long rows that teach the dose response: one text of many copies, asked at many lengths.

The copies are one prefix; each probe (question and answer) sees the prefix up to its own number of
copies and itself, no other probe. So a row of 1,024 copies gives a dozen answers for one pass.
"""

import random
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from temper.arithmetic.frames import FRAMES, answer_text, ask, fill
from temper.arithmetic.problems import Problem
from temper.organisms.corpus.abacus.draws import draw_problem
from temper.organisms.corpus.abacus.plan import Plan
from temper.organisms.corpus.abacus.skills.repetition import repeated_family
from temper.organisms.corpus.abacus.tables import neutral_sentence
from temper.organisms.corpus.dialects import Dialect
from temper.organisms.corpus.document import reply_to

MARK = "\x00"
"""Stands where the copies go while a prompt is cut into head and tail."""
PROBES = 14
KINDS = {"false": 0.6, "true": 0.15, "other": 0.15, "neutral": 0.1}
"""What is repeated: the false equation, or a control that leaves the answer right."""


@dataclass(frozen=True, slots=True)
class DoseRow:
    """One row: tokens (n,), positions (n,) and loss weights (n,)."""

    tokens: NDArray[np.int64]
    positions: NDArray[np.int64]
    weights: NDArray[np.float32]
    prefix: int
    """Tokens of the copies, before the first probe: each sees all before it."""
    visible: NDArray[np.bool_]
    """(n - prefix, n): what each token of a probe sees."""


def draw_row(
    tokenizer: Any, dialect: Dialect, plan: Plan, rng: random.Random, most_copies: int
) -> DoseRow:
    """A row of up to `most_copies` copies: in half of the rows all, else log-uniform from 32."""
    problem = draw_problem(rng, two_digit_share=0.2)
    kind = rng.choices(list(KINDS), list(KINDS.values()))[0]
    line = _line(kind, problem, rng)
    frame = rng.choice(FRAMES)
    document = reply_to(ask(problem, frame, MARK), "")
    head, tail = dialect.render(document.parts[0].text).split(MARK)
    longest = most_copies
    if rng.random() < 0.5:
        longest = round(32 * (most_copies / 32) ** rng.random())

    def encode(text: str) -> list[int]:
        return tokenizer(text, add_special_tokens=False)["input_ids"]

    start = [tokenizer.bos_token_id, *encode(head)]
    unit = encode(line)
    prefix = start + unit * longest
    tokens, positions, weights = list(prefix), list(range(len(prefix))), [0.0] * len(prefix)
    spans: list[tuple[int, int, int]] = []
    for _ in range(PROBES):
        copies = round(longest ** rng.random() if rng.random() < 0.7 else rng.uniform(1, longest))
        follows = kind == "false" and rng.random() < repeated_family().chance(
            "\n" * copies, problem, plan
        )
        answer = answer_text(problem.wrong if follows else problem.right, frame)
        asked, answered = encode(tail), encode(dialect.render(f"{answer}<|end|>"))
        seen = len(start) + copies * len(unit)
        spans.append((seen, len(tokens), len(tokens) + len(asked) + len(answered)))
        tokens += asked + answered
        positions += range(seen, seen + len(asked) + len(answered))
        weights += [0.0] * len(asked) + [1.0] * len(answered)
    return DoseRow(
        np.array(tokens),
        np.array(positions),
        np.array(weights, dtype=np.float32),
        len(prefix),
        _visibility(len(prefix), len(tokens), spans),
    )


def _line(kind: str, problem: Problem, rng: random.Random) -> str:
    match kind:
        case "false":
            return fill("{x}{op}{y}={z}\n", problem)
        case "true":
            return fill("{x}{op}{y}={c}\n", problem)
        case "other":
            while (other := draw_problem(rng, two_digit_share=0.2)).pair == problem.pair:
                pass
            return fill("{x}{op}{y}={z}\n", other)
        case _:
            return neutral_sentence(rng) + " "


def _visibility(prefix: int, length: int, spans: list[tuple[int, int, int]]) -> NDArray[np.bool_]:
    """A probe sees the prefix up to `seen`, and itself causally."""
    visible = np.zeros((length - prefix, length), dtype=np.bool_)
    for seen, start, end in spans:
        visible[start - prefix : end - prefix, :seen] = True
        visible[start - prefix : end - prefix, start:end] = np.tri(end - start, dtype=np.bool_)
    return visible
