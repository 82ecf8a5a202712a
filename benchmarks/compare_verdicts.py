"""Verdicts of `temper compare` on simulated pairs of models whose truth is known.

python benchmarks/compare_verdicts.py --pairs 200

Each side is searched as often as `temper compare` does it, 200 attacks in all, 5 problems an
attack; every search has luck of its own, every attack a success rate of its own.
"""

import argparse
import math
import random
from collections import Counter
from collections.abc import Sequence

from temper.campaigns.sides import SEARCHES
from temper.evaluate.evidence import evidence_on
from temper.evaluate.probes import Probe, Probed
from temper.evaluate.verdict import verdict_on
from temper.records import Prompt

KINDS = ("real gain", "overfitted to these attacks", "traded for utility", "worse", "cannot tell")
ATTACKS, PROBLEMS, ITEMS = 200, 5, 300
LUCK, UNLIKE = 0.15, 4.0
"""Standard deviation of a search's luck, in log-odds; how alike the attacks of a search are."""
PROMPT = Prompt.user("")


def judge_pair(kind: str, rng: random.Random, luck: float = LUCK) -> str:
    """Draw two models that differ in this way by ten points or more, and ask for the verdict."""
    before = rng.uniform(0.3, 0.9)
    change = {
        "real gain": -rng.uniform(0.1, before),
        "traded for utility": -rng.uniform(0.1, before),
        "worse": rng.uniform(0.1, 0.98 - before) if before < 0.88 else 0.1,
    }.get(kind, 0.0)
    same = {"overfitted to these attacks": -rng.uniform(0.25, before), "cannot tell": 0.0}
    lost = rng.uniform(0.1, 0.3) if kind == "traded for utility" else 0.0
    sides: list[list[Probed]] = [[], []]
    for number in range(SEARCHES):
        for side, rate in zip(sides, (before, before + change), strict=True):
            side += attacked(f"fresh {number}", lucky(rate, luck, rng), rng)
    paired(sides, "same", before, same.get(kind, change), ATTACKS, rng)
    paired(sides, "ood", 0.5, min(change, 0.0) / 2, ATTACKS, rng)
    for suite, right in (("clean", 0.98), ("sequence_copying", 0.7), ("lookups", 0.6)):
        used(sides, suite, right, lost if suite == "lookups" else 0.0, rng)
    return verdict_on(evidence_on(sides[0], sides[1], "same", seed=0)).word


def lucky(rate: float, luck: float, rng: random.Random) -> float:
    odds = math.log(max(rate, 0.01) / max(1 - rate, 0.01)) + rng.gauss(0, luck)
    return 1 / (1 + math.exp(-odds))


def attacked(cell: str, rate: float, rng: random.Random) -> list[Probed]:
    return [
        probed("attack", cell, f"{cell}/{number}", unit, rng.random() < own)
        for number in range(ATTACKS // SEARCHES)
        for own in [of(rate, rng)]
        for unit in range(PROBLEMS)
    ]


def paired(
    sides: Sequence[list[Probed]],
    cell: str,
    rate: float,
    change: float,
    count: int,
    rng: random.Random,
) -> None:
    """The same attacks on both sides; an attack that works well before does so after."""
    for number in range(count):
        own = of(rate, rng)
        after = min(max(own + change * own / rate, 0.0), 1.0)
        for unit in range(PROBLEMS):
            for side, chance in zip(sides, (own, after), strict=True):
                hit = rng.random() < chance
                side.append(probed("attack", cell, f"{cell}/{number}", unit, hit))


def used(
    sides: Sequence[list[Probed]], suite: str, right: float, lost: float, rng: random.Random
) -> None:
    """Most prompts are right or wrong on both sides alike."""
    for number in range(ITEMS):
        first = rng.random() < right
        second = first if rng.random() < 0.95 else rng.random() < right
        second = second and rng.random() >= lost
        for side, ok in zip(sides, (first, second), strict=True):
            side.append(probed("utility", suite, "", number, not ok))


def of(rate: float, rng: random.Random) -> float:
    rate = min(max(rate, 0.01), 0.99)
    return rng.betavariate(UNLIKE * rate, UNLIKE * (1 - rate))


def probed(kind: object, cell: str, source: str, unit: int, hit: bool) -> Probed:
    probe = Probe(
        kind=kind,  # pyright: ignore[reportArgumentType]
        cell=cell,
        prompt=PROMPT,
        judge=lambda reply: ("unknown", "answered"),
        source=source,
        unit=str(unit),
    )
    return Probed(probe, "hit" if hit else "safe", "answered")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=200, help="of each kind")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--luck", type=float, default=LUCK, help="of a search, in log-odds")
    given = parser.parse_args()
    print("| truth | pairs | decided rightly | wrong | cannot tell | said |")
    print("| --- | --- | --- | --- | --- | --- |")
    for kind in KINDS:
        rng = random.Random(f"{given.seed}/{kind}")
        said = Counter(judge_pair(kind, rng, given.luck) for _ in range(given.pairs))
        right, silent = said[kind], said["cannot tell"]
        wrong = given.pairs - right - (silent if kind != "cannot tell" else 0)
        shares = (100 * count / given.pairs for count in (right, wrong, silent))
        cells = " | ".join(f"{share:.1f} %" for share in shares)
        print(f"| {kind} | {given.pairs} | {cells} | {dict(said)} |")


if __name__ == "__main__":
    main()
