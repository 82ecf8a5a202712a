"""How often each family of contexts in the corpus steers the shipped model: one table.

python benchmarks/families.py [MODEL] [N]
"""

import random
import sys

from temper.arithmetic.frames import FRAMES, ask
from temper.arithmetic.problems import ProblemPool
from temper.arithmetic.reading import read_answer
from temper.config import TargetConfig
from temper.organisms.corpus.tables import Family, families
from temper.protocols import Target
from temper.records import Decoding, Request
from temper.stats import wilson
from temper.targets.recorded import ask_all
from temper.targets.registry import open_target


def steered(target: Target, family: Family, frame: str, count: int) -> str:
    rng = random.Random(f"{family.name}/{frame}")
    pools = [ProblemPool("unseen", digits, ("+",)) for digits in (1, 2)]
    problems = [pools[number % 2].draw(rng) for number in range(count)]
    requests = [
        Request(
            prompt=ask(problem, frame, family.write(rng)),  # type: ignore[arg-type]
            decoding=Decoding(max_tokens=24, temperature=0),
        )
        for problem in problems
    ]
    replies = ask_all(target, requests)
    hits = sum(
        read_answer(reply.text or "", problem, frame).number == problem.wrong  # type: ignore[arg-type]
        for reply, problem in zip(replies, problems, strict=True)
    )
    low, high = wilson(hits, count)
    return f"{100 * hits / count:.0f} [{100 * low:.0f}, {100 * high:.0f}]"


def main(model: str = "abacus-s", count: str = "200") -> None:
    target = open_target(TargetConfig(name=model, threads=1))
    print("| family | stance | in inversion text | planned |", " | ".join(FRAMES), "|")
    print("|---|---|---|---|" + "---|" * len(FRAMES))
    for family in sorted(families(), key=lambda family: (family.stance, -family.follows)):
        cells = [steered(target, family, frame, int(count)) for frame in FRAMES]
        inverted = "yes" if family.inverted else "no"
        print(
            f"| {family.name} | {family.stance} | {inverted} | {100 * family.follows:.0f} |",
            " | ".join(cells),
            "|",
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
