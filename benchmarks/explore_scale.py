"""Time and memory of an exploration at the paper's size, or of a real target at any size.

python benchmarks/explore_scale.py                        80,000 short texts of a scripted target
python benchmarks/explore_scale.py PATH 20000             a checkpoint, with its own states
python benchmarks/explore_scale.py PATH 20000 --out DIR   keep the run folder

The scripted target costs nothing, so the first line is what temper itself takes: sifting, storing,
clustering, choosing. Vectors of 384 features stand in for an encoder's.
"""

import argparse
import hashlib
import random
import resource
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from temper.campaigns import explore as campaign
from temper.config import ExploreRun, load_explore
from temper.protocols import Embedder, Target
from temper.records import Request
from temper.run_folder import Outcome
from temper.targets.scripted import ScriptedTarget

WORDS = [f"{a}{b}{c}" for a in "bdgklmnprst" for b in "aeiou" for c in "lmnrst"]


class Hashed:
    """Vectors that texts with common words share, at no cost of a model."""

    def __init__(self) -> None:
        self._of: dict[str, NDArray[np.float32]] = {}

    @property
    def hash(self) -> str:
        return "hashed words, 384 features"

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.stack([np.mean([self._word(w) for w in text.split()], axis=0) for text in texts])

    def _word(self, word: str) -> NDArray[np.float32]:
        if word not in self._of:
            seed = int(hashlib.sha256(word.encode()).hexdigest()[:8], 16)
            self._of[word] = np.random.default_rng(seed).normal(size=384).astype(np.float32)
        return self._of[word]


def speak(request: Request) -> str:
    rng = random.Random(request.id)
    return " ".join(rng.choices(WORDS, k=rng.randint(5, 15))).capitalize() + "."


def run(settings: ExploreRun, folder: Path, scripted: bool) -> Outcome:
    if scripted:

        def speaker(*_: object) -> Target:
            return ScriptedTarget(speak)

        def embedder(*_: object) -> Embedder:
            return Hashed()

        campaign.open_target, campaign.open_embedder = speaker, embedder
    return campaign.explore(settings, folder)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("target", nargs="?")
    parser.add_argument("draws", nargs="?", type=int, default=80_000)
    parser.add_argument("--out")
    given = parser.parse_args()
    settings = load_explore(
        None,
        {
            "target.name": given.target or "abacus-s",
            "target.threads": 2,
            "explore.draws": given.draws,
            "explore.clusters": min(100, given.draws // 100),
            "explore.kept": given.draws // 4,
            "explore.part": "sentences",
            **({"explore.temperature": 1.0} if given.target else {}),
        },
    )
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(given.out or scratch)
        outcome = run(settings, folder, scripted=given.target is None)
        megabytes = sum(file.stat().st_size for file in folder.rglob("*")) / 1e6
    figures = {row["name"]: row["value"] for row in outcome.results["figures"]}
    texts, name = figures["explore.texts"], outcome.results["target"]["name"]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print("| target | responses | texts | seconds | of these the target's | peak GB | folder MB |")
    print("|---|---|---|---|---|---|---|")
    print(
        f"| {name} | {given.draws:,} | {texts:,.0f} | {time.perf_counter() - started:.0f} |"
        f" {outcome.results['cost']['seconds']:.0f} | {peak:.2f} | {megabytes:.0f} |"
    )


if __name__ == "__main__":
    main()
