"""Hardening a model that talks by a measure, by people's pairs and by exact truth, over seeds.

python benchmarks/harden_claims.py --out runs/claims --seeds 0 1 2 [--recipe FILE] [--anew]

FILE is recipes/harden_claims.toml or recipes/harden_rudeness.toml. Every seed explores, labels,
learns and attacks anew, and is hardened three times. --anew trains a new attacker against the model
hardened by the measure, in a run of its own from exploring on, whose measure has seen nothing of
the first one's. Finished runs are read, not done again.
"""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hardening import over_seeds, table, value_of

from temper.campaigns.hardening.run import run_harden
from temper.campaigns.worry import run_worry
from temper.config import load_harden, load_worry
from temper.protocols import Silent
from temper.run_folder import RESULTS, finished_results

RECIPE = Path(__file__).parents[1] / "recipes" / "harden_claims.toml"
MEASURE, PEOPLE, TRUTH = "measure", "pairs of people's labels", "exact truth"
ARMS: dict[str, dict[str, Any]] = {
    PEOPLE: {"harden.methods": ["preference"]},
    TRUTH: {"harden.reward": "exact"},
}
SPLITS = ("trained", "held_out", "fresh", "explored", "unprompted")
USES = ("true claims", "readable")
Results = Mapping[str, Any]


def hardened(base: Path, arm: str, seed: int) -> Results:
    folder = base.parent / f"{base.name}-{arm.split()[-1]}"
    if not (folder / RESULTS).exists():
        settings = {"source": str(base), "run.seed": seed, **ARMS[arm]}
        run_harden(load_harden(str(base), settings), folder, Silent()).whole()
    return finished_results(folder)


def attacked_anew(recipe: Path, target: str, folder: Path, seed: int) -> Results:
    """A run of its own from exploring on, against this model."""
    if not (folder / RESULTS).exists():
        settings = {"target.name": target, "run.seed": seed}
        run_worry(load_worry(recipe, settings).model_copy(update={"harden": None}), folder)
    return finished_results(folder)


def rate(results: Results, attacker: str) -> float | None:
    """Failures by exact truth, over all rounds."""
    wanted = {"attacker": attacker, "judge": "truth"}
    return value_of(results, "exploit.failure_rate", **wanted)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--recipe", type=Path, default=RECIPE)
    parser.add_argument("--anew", action="store_true")
    given = parser.parse_args()
    runs: dict[str, list[Results]] = {arm: [] for arm in (MEASURE, *ARMS)}
    anew: dict[str, list[Results]] = {"before": [], "after": []}
    for seed in given.seeds:
        base = given.out / f"base-{seed}"
        if not (base / "hardened" / RESULTS).exists():
            run_worry(load_worry(given.recipe, {"run.seed": seed}), base)
        runs[MEASURE].append(finished_results(base / "hardened"))
        for arm in ARMS:
            runs[arm].append(hardened(base, arm, seed))
        for arm, own in runs.items():
            print(f"done: {arm}, seed {seed}: {own[-1]['verdict']['word']}", flush=True)
        if given.anew:
            checkpoint = base / "hardened" / "checkpoint"
            folder = given.out / f"anew-{seed}"
            anew["before"].append(finished_results(base))
            anew["after"].append(attacked_anew(given.recipe, str(checkpoint), folder, seed))
    table(runs, "exploit.failure_rate", "split", SPLITS)
    table(runs, "utility.accuracy", "suite", USES)
    for side, own in anew.items() if given.anew else ():
        trained, alone = ([rate(one, name) for one in own] for name in ("policy", "none"))
        print(f"{side}: new attacker {over_seeds(trained)}, unprompted {over_seeds(alone)}")


if __name__ == "__main__":
    main()
