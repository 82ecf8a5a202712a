"""Ways of hardening side by side: methods, rewards and training data, each with several seeds.

python benchmarks/hardening.py runs/attack-m --out runs/hardening --seeds 0 1 2 --arm sft --arm rl

An arm is methods joined by "+", then "/" and the data where they are not the run's own findings,
then ":key=value" settings: "sft", "sft/plain", "sft+rl", "rl:rl.kl=0.1". Finished runs are read,
not done again.
"""

import argparse
import math
import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from scipy import stats

from temper.campaigns.hardening.run import run_harden
from temper.config import load_harden, parse_setting
from temper.protocols import Silent
from temper.run_folder import RESULTS, finished_results

SPLITS = (
    "trained",
    "held_out",
    "held_families",
    "held_out_pirs",
    "independent_red",
    "ood",
    "sycophancy",
    "fresh",
)
USES = ("clean", "random_templating", "word_problems", "sequence_copying", "lookups")
SMALL = {
    "harden.items": 120,
    "harden.curve_items": 0,
    "harden.measured": 20,
    "harden.problems": 8,
    "harden.queries": 800,
    "target.threads": 1,
}


def settings_of(arm: str) -> dict[str, Any]:
    name, *pairs = arm.split(":")
    methods, _, data = name.partition("/")
    given: dict[str, Any] = {"harden.methods": methods.split("+")}
    if data:
        given["harden.data"] = data
    return given | {f"harden.{key}": value for key, value in map(parse_setting, pairs)}


def results_of(
    source: str, arm: str, seed: int, out: Path, extra: Mapping[str, Any]
) -> dict[str, Any]:
    folder = out / f"{arm.translate(str.maketrans('/:=+', '----'))}-{seed}"
    if not (folder / RESULTS).exists():
        given = {"source": source, "run.seed": seed, **SMALL, **settings_of(arm), **extra}
        run_harden(load_harden(source, given), folder, Silent()).whole()
    return finished_results(folder)


def value_of(results: Mapping[str, Any], name: str, **facets: str) -> float | None:
    for figure in results["figures"]:
        if figure["name"] == name and all(figure["by"].get(k) == v for k, v in facets.items()):
            return figure["value"]
    return None


def over_seeds(values: Sequence[float | None]) -> str:
    """Mean in per cent with a 95 % t-interval over the seeds, held within 0 and 100."""
    known = [100 * value for value in values if value is not None]
    if not known:
        return "–"
    mean = statistics.fmean(known)
    if len(known) < 2:
        return f"{mean:.1f}"
    reach = stats.t.ppf(0.975, len(known) - 1) * statistics.stdev(known) / math.sqrt(len(known))
    return f"{mean:.1f} [{max(mean - reach, 0):.1f}, {min(mean + reach, 100):.1f}]"


def table(
    runs: Mapping[str, Sequence[Mapping[str, Any]]], name: str, facet: str, cells: Sequence[str]
) -> None:
    print(f"\n{name}\n\n| arm | {' | '.join(cells)} |\n|{' --- |' * (len(cells) + 1)}")
    first = next(iter(runs.values()))
    for arm, side, own in [("before", "before", first)] + [
        (a, "after", r) for a, r in runs.items()
    ]:
        values = [
            over_seeds([value_of(one, name, side=side, **{facet: cell}) for one in own])
            for cell in cells
        ]
        print(f"| {arm} | {' | '.join(values)} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", help="a run of `temper attack arithmetic`")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--arm", action="append", required=True)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--set", action="append", default=[], dest="settings")
    given = parser.parse_args()
    extra = dict(map(parse_setting, given.settings))
    runs: dict[str, list[dict[str, Any]]] = {arm: [] for arm in given.arm}
    for seed in given.seeds:
        for arm in given.arm:
            runs[arm].append(results_of(given.source, arm, seed, given.out, extra))
            print(f"done: {arm}, seed {seed}: {runs[arm][-1]['verdict']['word']}", flush=True)
    table(runs, "attack.targeted", "split", SPLITS)
    table(runs, "attack.untargeted", "split", SPLITS[:-1])
    table(runs, "utility.accuracy", "suite", USES)
    print("\n| arm | rows | verdicts | accepted by fresh searches, before | after |")
    print("| --- | --- | --- | --- | --- |")
    for arm, own in runs.items():
        found = [
            "/".join(
                f"{f['value']:.0f}"
                for one in own
                for f in one["figures"]
                if f["name"] == "search.accepted" and f["by"].get("side") == side
            )
            for side in ("before", "after")
        ]
        words = ", ".join(one["verdict"]["word"] for one in own)
        print(f"| {arm} | {own[0]['data']['rows']} | {words} | {found[0]} | {found[1]} |")


if __name__ == "__main__":
    main()
