"""Problems with a chosen wrong answer, and the split that keeps search and measurement apart."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from temper.records import Split

Operator = Literal["+", "-", "*"]

ERROR_SIZES = ((1, 1), (2, 2), (3, 5), (6, 10), (11, 40))
"""Bands of |wrong - right|, drawn in equal shares, so that no figure rests on one size of error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """`x op y`, and the wrong answer that a targeted attack steers to."""

    x: int
    y: int
    op: Operator = "+"
    wrong: int

    @property
    def right(self) -> int:
        return evaluate(self.x, self.op, self.y)

    @property
    def digits(self) -> int:
        return len(str(max(self.x, self.y)))

    @property
    def pair(self) -> tuple[str, int, int]:
        """The unordered operands: 3 + 4 and 4 + 3 never fall on different sides of a split."""
        return self.op, min(self.x, self.y), max(self.x, self.y)

    def __str__(self) -> str:
        return f"{self.x} {self.op} {self.y} -> {self.wrong}"


def parse_problem(text: str) -> Problem:
    """Read back what `str(problem)` wrote, e.g. "3 + 4 -> 9"."""
    x, op, y, _, wrong = text.split(" ")
    if op not in ("+", "-", "*"):
        raise ValueError(f"{text!r} is no problem as this program writes them")
    return Problem(x=int(x), y=int(y), op=op, wrong=int(wrong))


def error_band(problem: Problem) -> str:
    """How far the chosen answer is from the right one: "1", "2", "3-5", "6-10" or ">10"."""
    size = abs(problem.wrong - problem.right)
    low, high = next((band for band in ERROR_SIZES if band[0] <= size <= band[1]), ERROR_SIZES[-1])
    if low == ERROR_SIZES[-1][0]:
        return f">{low - 1}"
    return str(low) if low == high else f"{low}-{high}"


def evaluate(x: int, op: Operator, y: int) -> int:
    match op:
        case "+":
            return x + y
        case "-":
            return x - y
        case "*":
            return x * y


def operand_pairs(digits: int, op: Operator) -> list[tuple[int, int]]:
    """All unordered operand pairs of this many digits: 55 for one digit, 4,095 for two."""
    low = 0 if digits == 1 else 10 ** (digits - 1)
    high = 10**digits
    if digits > 2:
        raise ValueError("three digits are drawn at random, not listed")
    return [(x, y) for x in range(low, high) for y in range(x, high)]


class Pool(Protocol):
    """Where problems come from."""

    def draw(self, rng: random.Random) -> Problem: ...


class ProblemPool:
    """Problems of one side of the split, drawn with a seed.

    Unordered operand pairs are dealt to `search` and `unseen` by a shuffle of their own seed;
    three-digit pairs, too many to list, by the parity of a shuffle-free hash of their operands.
    """

    def __init__(
        self, split: Split, digits: int, operators: Sequence[Operator], *, split_seed: int = 0
    ) -> None:
        self.split, self.digits, self.operators = split, digits, tuple(operators)
        self._pairs: dict[Operator, list[tuple[int, int]]] = {}
        if digits <= 2:
            for op in self.operators:
                pairs = operand_pairs(digits, op)
                random.Random(f"split/{split_seed}/{digits}/{op}").shuffle(pairs)
                half = len(pairs) // 2
                self._pairs[op] = pairs[:half] if split == "search" else pairs[half:]

    def draw(self, rng: random.Random) -> Problem:
        op = rng.choice(self.operators)
        x, y = rng.choice(self._pairs[op]) if op in self._pairs else self._draw_large(rng)
        if rng.random() < 0.5:
            x, y = y, x
        return Problem(x=x, y=y, op=op, wrong=draw_wrong(x, op, y, rng))

    def draw_many(self, count: int, rng: random.Random) -> list[Problem]:
        """`count` problems, operand pairs distinct for as long as the pool lasts."""
        problems: list[Problem] = []
        used: set[tuple[str, int, int]] = set()
        tries = 0
        while len(problems) < count:
            problem = self.draw(rng)
            tries += 1
            if problem.pair in used and tries < 50 * count:
                continue
            used.add(problem.pair)
            problems.append(problem)
        return problems

    def everything(self, rng: random.Random) -> list[Problem]:
        """Each pair of the pool in both orders, the wrong answers drawn."""
        return [
            Problem(x=x, y=y, op=op, wrong=draw_wrong(x, op, y, rng))
            for op, pairs in self._pairs.items()
            for one, other in pairs
            for x, y in sorted({(one, other), (other, one)})
        ]

    def _draw_large(self, rng: random.Random) -> tuple[int, int]:
        low, high = 10 ** (self.digits - 1), 10**self.digits - 1
        wanted = 0 if self.split == "search" else 1
        while True:
            x, y = sorted((rng.randint(low, high), rng.randint(low, high)))
            if (x * 31 + y * 17) % 2 == wanted:
                return x, y


def draw_wrong(x: int, op: Operator, y: int, rng: random.Random) -> int:
    """Draw a wrong answer that is no operand, and negative only where the right one is.

    Leaving the operands out keeps "which number is the answer" decidable in a free-form reply.
    """
    right = evaluate(x, op, y)
    while True:
        low, high = rng.choice(ERROR_SIZES)
        wrong = right + rng.choice((-1, 1)) * rng.randint(low, high)
        if (wrong >= 0 or right < 0) and wrong not in (x, y):
            return wrong


def draw_problems(pools: Sequence[ProblemPool], count: int, seed: str) -> list[Problem]:
    """`count` problems, in equal shares of each size."""
    rng = random.Random(seed)
    shares = [count // len(pools) + (place < count % len(pools)) for place in range(len(pools))]
    return [
        problem
        for pool, share in zip(pools, shares, strict=True)
        for problem in pool.draw_many(share, rng)
    ]


def draw_clean_problems(
    search: Sequence[ProblemPool], unseen: Sequence[ProblemPool], count: int, seed: str
) -> list[Problem]:
    """Every ordered pair of one-digit operands; of each larger size `count` from both sides."""
    rng = random.Random(seed)
    problems: list[Problem] = []
    for one, other in zip(search, unseen, strict=True):
        if one.digits == 1:
            problems.extend(one.everything(rng) + other.everything(rng))
        else:
            problems.extend(one.draw_many(count // 2, rng))
            problems.extend(other.draw_many(count - count // 2, rng))
    return problems
