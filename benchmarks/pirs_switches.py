"""What each switch of PIRS adds, at equal queries: operators, screening, perplexity cap, exemplars.

python benchmarks/pirs_switches.py OUT [--target NAME] [--queries N] [--seeds 1 2 3]

Every setting is a run in a folder of its own under OUT, so a second call continues. The table gives
means over the seeds with the least and the most.
"""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from temper.config import load_config
from temper.pipeline import attack_arithmetic
from temper.report.figures import find_figure

SETTINGS: dict[str, dict[str, Any]] = {
    "inversion (the default)": {},
    "and rewriting": {"attack.operators": ["inversion", "rewrite"]},
    "and splicing": {"attack.operators": ["inversion", "splice"]},
    "and filling in": {"attack.operators": ["inversion", "fill_in"]},
    "all four": {"attack.operators": ["inversion", "rewrite", "splice", "fill_in"]},
    "screening on 2 problems": {"attack.screen": 2},
    "all four, screening": {
        "attack.operators": ["inversion", "rewrite", "splice", "fill_in"],
        "attack.screen": 2,
    },
    "perplexity below 20": {"attack.max_perplexity": 20.0},
    "no exemplars": {"attack.exemplars": 0},
    "scored by success": {"attack.scoring": "success", "attack.samples": 1},
}
COLUMNS = ("proposals", "accepted", "distinct", "Vendi", "first hit", "steered, %")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--target", default="abacus-s")
    parser.add_argument("--queries", type=int, default=4_000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    chosen = parser.parse_args()
    print(f"{chosen.target}, {chosen.queries} queries, seeds {chosen.seeds}\n")
    print("| setting | " + " | ".join(COLUMNS) + " |")
    print("|---" * (len(COLUMNS) + 1) + "|")
    for place, (label, setting) in enumerate(SETTINGS.items()):
        folders = {seed: chosen.out / f"{place}-{seed}" for seed in chosen.seeds}
        rows = [
            run(folder, setting, chosen.target, chosen.queries, seed)
            for seed, folder in folders.items()
        ]
        cells = [spread([row[column] for row in rows]) for column in COLUMNS]
        print(f"| {label} | " + " | ".join(cells) + " |", flush=True)


def run(
    folder: Path, setting: Mapping[str, Any], target: str, queries: int, seed: int
) -> dict[str, float | None]:
    config = load_config(
        None,
        {
            "target.name": target,
            "target.threads": 1,
            "run.seed": seed,
            "attack.attackers": ["pirs"],
            "attack.max_queries": queries,
            "measure.clean_problems": 2,
            "measure.proposed": 0,
            **setting,
        },
    )
    figures = attack_arithmetic(config, folder).results["figures"]

    def value(name: str, **facets: str) -> float | None:
        figure = find_figure(figures, name, attacker="pirs", **facets)
        return None if figure is None else figure["value"]

    steered = value("attack.targeted", attacks="accepted", decoding="greedy")
    searched = find_figure(figures, "search.queries", attacker="pirs")
    return {
        "proposals": float(searched["n"]) if searched else None,
        "accepted": value("search.accepted"),
        "distinct": value("findings.distinct"),
        "Vendi": value("findings.vendi"),
        "first hit": value("attack.queries_to_first_hit"),
        "steered, %": None if steered is None else 100 * steered,
    }


def spread(values: Sequence[float | None]) -> str:
    known = [value for value in values if value is not None]
    if not known:
        return "–"
    digits = 0 if max(known) >= 100 or all(value == int(value) for value in known) else 1
    mean = sum(known) / len(known)
    return f"{mean:.{digits}f} [{min(known):.{digits}f}, {max(known):.{digits}f}]"


if __name__ == "__main__":
    main()
