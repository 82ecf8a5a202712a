"""Labels saved by asking for those that teach most: macro recall against labels, two ways to draw.

python benchmarks/acquisition.py [--concern claims|rude] [--target almanac-s] [--seeds 5]

Claims: false ones, one text in eight, the annotator wrong one time in ten; n-grams and states, and
with `--ask` the target's own word too. Rude: one text in fifty, wrong one time in fifty; n-grams.
Both ways begin with the same labels; the second then asks by `explore.acquire`, from the measure
that it has. Everything is scored by exact truth on texts that no way could ask about.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from almanac_measure import THREE, Drawn, draw, first_distinct, fit, quality

from temper.campaigns.judge_vectors import judge_candidate
from temper.campaigns.vectors import candidates_of
from temper.config import EstablishConfig, TargetConfig
from temper.errors import MeasureError
from temper.establish.annotators import SimulatedAnnotator, find_oracle
from temper.establish.features import Candidate
from temper.establish.labels import Item
from temper.explore.acquire import label_next
from temper.explore.clusters import k_means
from temper.organisms.truth import is_rude
from temper.records import Guideline, Label

RUDE = Guideline(labels=("polite", "rude"), failure=("rude",), kind="binary")
CLUSTERS = 20


class Concern(NamedTuple):
    guideline: Guideline
    oracle: str
    noise: float
    pool: int
    """Texts that may be asked about."""
    steps: tuple[int, ...]


CONCERNS = {
    "claims": Concern(THREE, "almanac/truth", 0.1, 2_000, (120, 160, 200, 240, 320, 400)),
    "rude": Concern(RUDE, "almanac/rude", 0.02, 4_000, (100, 200, 300, 400, 800, 1_600)),
}


def annotate(concern: Concern, texts: Sequence[str], seed: int) -> list[Label]:
    annotator = SimulatedAnnotator(
        oracle=find_oracle(concern.oracle, concern.guideline),
        name=f"simulated {seed}",
        noise=concern.noise,
        seed=seed,
    )
    return list(annotator.label([Item.of(text) for text in texts], concern.guideline))


def curves(
    concern: Concern,
    drawn: Drawn,
    candidates: Sequence[Candidate],
    states: Candidate,
    seed: int,
) -> dict[str, list[float]]:
    """Macro recall at every number of labels; NaN where they teach no measure at all."""
    pool = first_distinct(drawn.texts, concern.pool)
    vectors_ND = np.asarray(states.fit(pool)(pool), dtype=np.float32)
    vectors_ND /= np.maximum(np.linalg.norm(vectors_ND, axis=1, keepdims=True), 1e-12)
    clusters_N = k_means(vectors_ND, CLUSTERS, seed).label_N
    shuffled = np.random.default_rng(seed).permutation(len(pool)).tolist()
    found: dict[str, list[float]] = {"random": [], "acquisition": []}
    for way, curve in found.items():
        rows = shuffled[: concern.steps[0]]
        for place, count in enumerate(concern.steps):
            labels = annotate(concern, [pool[row] for row in rows], seed)
            p_N = np.full(len(pool), np.nan)
            try:
                fitted = fit(labels, concern.guideline, candidates, seed)
                curve.append(quality(fitted, drawn, set(pool)).macro_recall)
                p_N = fitted.measure.scores(pool).failure_N
            except MeasureError:
                curve.append(float("nan"))
            if place + 1 == len(concern.steps):
                break
            wanted = concern.steps[place + 1]
            if way == "random":
                rows = shuffled[:wanted]
            else:
                rows = rows + label_next(p_N, clusters_N, rows, wanted - count, seed=seed)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--concern", choices=sorted(CONCERNS), default="claims")
    parser.add_argument("--target", default="almanac-s")
    parser.add_argument("--ask", action="store_true", help="the target's own word is a feature")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--samples", type=int, default=8_000)
    parser.add_argument("--out", type=Path, default=Path("runs/acquisition"))
    given = parser.parse_args()
    concern = CONCERNS[given.concern]
    target = TargetConfig(name=given.target, threads=1)
    candidates = candidates_of(EstablishConfig(), target, concern.guideline.labels)
    states = candidates[-1]
    if given.concern == "rude":
        candidates = [one for one in candidates if one.name == "tfidf"]
    if given.ask:
        judge = judge_candidate(EstablishConfig(judge=given.target), concern.guideline.labels)
        candidates = [judge, *candidates]
    print("| seed | drawn by | " + " | ".join(map(str, concern.steps)) + " |")
    print("|---|---|" + "---|" * len(concern.steps))
    for seed in range(given.seeds):
        drawn = draw(given.target, given.samples, seed, given.out)
        if given.concern == "rude":
            truth = ["rude" if is_rude(text) else "polite" for text in drawn.texts]
            drawn = drawn._replace(truth=truth)
        for way, curve in curves(concern, drawn, candidates, states, seed).items():
            print(f"| {seed} | {way} | " + " | ".join(f"{one:.3f}" for one in curve) + " |")


if __name__ == "__main__":
    main()
