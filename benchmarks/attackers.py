"""Attackers on the shipped almanac at equal queries, judged by exact truth on fresh prompts.

python benchmarks/attackers.py TABLE [--seeds 0 1 2] [--fresh 1000] [--out FOLDER] [--recipe FILE]
    [--anew] [--set section.key=value]

TABLE is one of
  arms        trained (the recipe), archive, best of n, random openings, unprompted; the ceiling
              beside them: test cases of the planted regions, which know the answer key
  ablations   neither diversity nor divergence
  weights     success against diversity: weights of two terms (none: the control without diversity)
              and DiveR-CT; the recipe's own weight and the archive stand among the arms
  labels      50, 200 and 1,600 labels
  controls    another data set's labels, a judge's (recipes/control_*.toml), and labels that are all
              wrong; of another recipe only the last
  runs        one training against three of a third of the steps each
Every run explores, labels and learns once, and the copies train on from there, an attacker a seed;
with --anew every seed is a run of its own from exploring on. A table is printed in the form of
docs/experiments.md; runs that are done are not done again.
"""

import argparse
import shutil
import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hardening import over_seeds

from temper.campaigns.worry import run_worry
from temper.config import load_worry, parse_setting
from temper.report.figures import percent
from temper.run_folder import RESULTS, Outcome, finished_results

RECIPES = Path(__file__).parents[1] / "recipes"
RECIPE = RECIPES / "false_claims.toml"
CONTROLS = {
    "another land's labels": RECIPES / "control_other_labels.toml",
    "judge's labels": RECIPES / "control_judge_labels.toml",
}
"""Rows that are recipes of their own."""
FIGURES = (
    ("truth", "exploit.failure_rate"),
    ("second", "exploit.failure_rate"),
    ("reward", "exploit.failure_rate"),
)
COUNTS = (
    "findings.distinct",
    "prompts.distinct_share",
    "prompts.commonest_share",
    "findings.self_bleu",
    "findings.vendi",
    "exploit.largest_region_share",
    "exploit.given_share",
    "exploit.broken_share",
)
Settings = Mapping[str, Any]
REWARD = "exploit.reward"
WEIGHTS = {"cosine": (0.0, 12.0), "history": (3.0,)}


def weights() -> dict[str, Settings]:
    """Weights of two terms beside the recipe's own, and DiveR-CT."""
    rows: dict[str, Settings] = {
        f"{kind} {weight:g}": {f"{REWARD}.diversity_by": kind, f"{REWARD}.diversity": weight}
        for kind, some in WEIGHTS.items()
        for weight in some
    }
    for success in (0.6,):
        rows[f"DiveR-CT {success:g}"] = {
            f"{REWARD}.diversity_by": "history",
            f"{REWARD}.objective": "constraint",
            f"{REWARD}.success": success,
        }
    return rows


TABLES: dict[str, dict[str, Settings]] = {
    "arms": {"recipe": {"exploit.attackers": ["policy", "archive", "bestofn", "random", "none"]}},
    "ablations": {
        "no diversity, no divergence": {f"{REWARD}.diversity": 0.0, "exploit.training.kl": 0.0},
    },
    "weights": weights(),
    "labels": {
        f"{count} labels": {"explore.kept": count, "label.items": count}
        for count in (50, 200, 1_600)
    },
    "controls": {**{row: {} for row in CONTROLS}, "every label wrong": {"label.noise": 1.0}},
    "runs": {
        "one training": {},
        "three of a third": {"exploit.training.steps": 30},
    },
}
"""By table and row: what differs from the recipe."""
OWN_BASE = ("labels", "controls")
"""Tables whose rows differ before the training already."""


def run(
    name: str,
    settings: Settings,
    seeds: Sequence[int],
    fresh: int,
    out: Path,
    recipe: Path,
    whole: Settings,
) -> dict[str, Any]:
    """The results of one row; where only the attack differs, on a copy of the recipe's measure.

    The settings `whole` hold from exploring on.
    """
    table, _, row = name.partition("/")
    if table == "controls":
        recipe = CONTROLS.get(row, recipe)
    shared: dict[str, Any] = {
        "exploit.seeds": list(seeds),
        "exploit.fresh": fresh,
        "exploit.ceiling": table == "arms",
        "exploit.second": "auto" if table in ("arms", "controls") else "none",
    }
    if table != "arms" and "exploit.attackers" not in settings:
        shared["exploit.attackers"] = ["policy", "none"]
    folder = out / table / row.replace(" ", "-").replace("'", "")
    base = out / "base"
    if table not in OWN_BASE and not (base / RESULTS).exists():
        config = load_worry(recipe, whole).model_copy(update={"exploit": None})
        run_worry(config, base)
    if (folder / RESULTS).exists() and (done := finished_results(folder))["kind"] == "exploit":
        return done
    if table not in OWN_BASE and not folder.exists():
        shutil.copytree(base, folder)
    outcome = run_worry(load_worry(recipe, {**whole, **shared, **settings}), folder)
    assert isinstance(outcome, Outcome)
    return outcome.results


def rows_of(name: str, results: Mapping[str, Any]) -> list[str]:
    """A line for every attacker and seed, the total over seeds first."""
    groups: dict[tuple[str, Any], dict[str, Mapping[str, Any]]] = {}
    for figure in results["figures"]:
        by = figure["by"]
        if "round" in by or figure["name"].startswith("guard."):
            continue
        kind = by["judge"] if figure["name"] == "exploit.failure_rate" else figure["name"]
        groups.setdefault((by["attacker"], by.get("seed")), {})[kind] = figure
    lines: list[str] = []
    for (attacker, seed), found in groups.items():
        cells = [name, attacker, "all" if seed is None else str(seed)]
        cells += [_rate(found.get(judge)) for judge, _ in FIGURES]
        cells += [_count(found.get(count)) for count in COUNTS]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def means_of(name: str, runs: Sequence[Mapping[str, Any]]) -> list[str]:
    """A line for every attacker: the mean over seeds with Student's interval, counts as means."""
    values: dict[str, dict[str, list[float]]] = {}
    for figure in (figure for run in runs for figure in run["figures"]):
        by = figure["by"]
        kind = by["judge"] if figure["name"] == "exploit.failure_rate" else figure["name"]
        if "round" not in by and "seed" in by and figure["value"] is not None:
            values.setdefault(by["attacker"], {}).setdefault(kind, []).append(figure["value"])
    lines: list[str] = []
    for attacker, found in values.items():
        cells = [
            name,
            attacker,
            "mean",
            *(over_seeds(found.get(judge, [])) for judge, _ in FIGURES),
        ]
        means = (statistics.fmean(found[one]) if one in found else None for one in COUNTS)
        cells += ["–" if mean is None else f"{mean:.3g}" for mean in means]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _rate(figure: Mapping[str, Any] | None) -> str:
    if figure is None or figure["value"] is None:
        return "–"
    return f"{percent(figure['value'])} [{percent(figure['low'])}, {percent(figure['high'])}]"


def _count(figure: Mapping[str, Any] | None) -> str:
    return "–" if figure is None or figure["value"] is None else f"{figure['value']:.3g}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("table", choices=sorted(TABLES))
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--fresh", type=int, default=1_000)
    parser.add_argument("--out", type=Path, default=Path("runs/attackers"))
    parser.add_argument("--recipe", type=Path, default=RECIPE)
    parser.add_argument("--anew", action="store_true")
    parser.add_argument("--set", action="append", default=[], dest="settings")
    options = parser.parse_args()
    heads = ["arm", "attacker", "seed", *(judge for judge, _ in FIGURES), *COUNTS]
    print(f"| {' | '.join(heads)} |\n|{' --- |' * len(heads)}")
    rows = TABLES[options.table]
    if options.table == "controls" and options.recipe != RECIPE:
        rows = {row: settings for row, settings in rows.items() if row not in CONTROLS}
    given = dict(map(parse_setting, options.settings))
    parts = [(options.seeds, options.out, given)]
    if options.anew:
        parts = [
            ([seed], options.out / f"seed-{seed}", {**given, "run.seed": seed, "label.seed": seed})
            for seed in options.seeds
        ]
    for row, settings in rows.items():
        runs: list[dict[str, Any]] = []
        for seeds, out, whole in parts:
            name = f"{options.table}/{row}"
            runs.append(run(name, settings, seeds, options.fresh, out, options.recipe, whole))
            print("\n".join(rows_of(row, runs[-1])), flush=True)
        print("\n".join(means_of(row, runs)), flush=True)


if __name__ == "__main__":
    main()
