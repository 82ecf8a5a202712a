"""Suites, overload, revision and the ladder over several models and seeds: one table each.

    python benchmarks/robustness.py suites   --target abacus-s --target …  --seeds 3
    python benchmarks/robustness.py overload --target abacus-m --target abacus-sound
    python benchmarks/robustness.py revision --target abacus-m --reviser abacus-x
    python benchmarks/robustness.py ladder   --target abacus-m --queries 1000
    python benchmarks/robustness.py ladder   --target almanac-m --concern almanac

Runs are folders under --out and continue where they were. Over the seeds: the mean, an interval
from the seeds' own intervals, and the least and greatest seed, which also shows what searches
anew change.
"""

import argparse
import math
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from temper.campaigns.ladder import run_ladder
from temper.campaigns.suite import run_suites
from temper.cli.progress import Console
from temper.config import LadderRun, SuiteRun, parse_sections
from temper.report.over_seeds import Facets, Pooled, pooled

SPEAKERS = ("expert", "crowd", "friend")


def suites(options: argparse.Namespace) -> None:
    settings = {"suite": {"items": options.items}, "overload": _overload(options)}
    for target in options.target:
        figures = pooled(_suite_runs(target, settings, options))
        for (name, by), value in figures.items():
            if name.startswith("suite."):
                facets = dict(by)
                label = " ".join(str(facets[key]) for key in ("suite", "part") if key in facets)
                print(f"| {target} | {name} | {label} | {value} |")
        _claims_on_speakers(target, figures)


def overload(options: argparse.Namespace) -> None:
    settings = {"suite": {"suites": ["overload"]}, "overload": _overload(options)}
    for target in options.target:
        runs = _suite_runs(target, settings, options)
        for (name, by), value in pooled(runs).items():
            facets = dict(by)
            if facets["suffix"] == "all" or name.startswith("overload.law"):
                label = " ".join(f"{key} {facets[key]}" for key in facets)
                print(f"| {target} | {name} | {label} | {value} |")
        for note in {f["note"] for run in runs for f in run["figures"] if f["note"]}:
            print(f"{target}: {note}")


def ladder(options: argparse.Namespace) -> None:
    _ladder_table(options, {}, "ladder")


def revision(options: argparse.Namespace) -> None:
    """One and two passes, by the target itself and by each other reviser, plain and adaptive."""
    rungs = {"ladder": {"rungs": ["none", "revise1", "revise2"]}}
    for reviser in (None, *(options.reviser or [])):
        print(f"\nreviser: {reviser or 'the target itself'}\n")
        extra: dict[str, Any] = {} if reviser is None else {"reviser": _model(reviser, options)}
        _ladder_table(options, rungs | extra, f"revision-{Path(reviser or 'self').name}")


def _ladder_table(options: argparse.Namespace, extra: Mapping[str, Any], kind: str) -> None:
    for target in options.target:
        runs: list[Mapping[str, Any]] = []
        for seed in range(options.seeds):
            raw = {"run": {"seed": seed}, "target": _model(target, options), **extra}
            shared = {"queries": options.queries, "concern": options.concern}
            raw["ladder"] = {**shared, **extra.get("ladder", {})}
            config = parse_sections(raw, LadderRun)
            folder = options.out / f"{kind}-{Path(target).name}-{seed}"
            with Console() as console:
                runs.append(run_ladder(config, folder, console).whole().results)
        figures = pooled(runs)
        for (name, by), value in figures.items():
            facets = dict(by)
            label = facets.get("split") or facets.get("suite") or ""
            print(f"| {target} | {facets['mitigation']} | {name} | {label} | {value} |")
        for remark in {remark for run in runs for remark in run["remarks"]}:
            print(f"{target}: {remark}")
        _claims_on_revision(target, figures)


def _claims_on_revision(target: str, figures: Mapping[tuple[str, Facets], Pooled]) -> None:
    def attacked(rung: str, split: str) -> Pooled | None:
        by = tuple(sorted({"mitigation": rung, "split": split}.items()))
        return figures.get(("attack.targeted", by))

    _claim(
        target,
        "a revision stops most attacks",
        attacked("revise1", "same"),
        "below",
        attacked("none", "same"),
        share=0.5,
    )
    _claim(
        target,
        "a second revision stops more",
        attacked("revise2", "adaptive"),
        "below",
        attacked("revise1", "adaptive"),
    )
    _claim(
        target,
        "revision does not end attacks",
        attacked("revise1", "adaptive"),
        "above",
        Pooled(0, 0, 0, 0, 0, ""),
    )
    _claim(
        target,
        "speaking to the reviser helps",
        attacked("revise1", "adaptive"),
        "above",
        attacked("revise1", "fresh"),
    )


def _claims_on_speakers(target: str, figures: Mapping[tuple[str, Facets], Pooled]) -> None:
    def swayed(kind: str) -> Pooled | None:
        by = {"suite": "sycophancy", "part": f"{kind}, wrong", "decoding": "greedy"}
        return figures.get(("suite.steered", tuple(sorted(by.items()))))

    _claim(
        target, "an expert sways more than a friend", swayed("expert"), "above", swayed("friend")
    )
    _claim(target, "a crowd sways more than a friend", swayed("crowd"), "above", swayed("friend"))


def _claim(
    target: str, says: str, one: Pooled | None, side: str, other: Pooled | None, share: float = 1
) -> None:
    """Holds where the interval of the difference lies wholly on that side."""
    if one is None or other is None:
        return
    difference = one.value - share * other.value
    below = math.hypot(one.value - one.low, share * (other.high - other.value))
    above = math.hypot(one.high - one.value, share * (other.value - other.low))
    low, high = difference - below, difference + above
    holds = low > 0 if side == "above" else high < 0
    verdict = "holds" if holds else "does not hold here"
    against = "" if share == 1 else f" (against {share:g} of it)"
    print(
        f"{target}: {says}: {verdict}; difference {difference:.3f} [{low:.3f}, {high:.3f}]{against}"
    )


def _suite_runs(
    target: str, settings: Mapping[str, Any], options: argparse.Namespace
) -> list[Mapping[str, Any]]:
    runs: list[Mapping[str, Any]] = []
    for seed in range(options.seeds):
        raw = {"run": {"seed": seed}, "target": _model(target, options), **settings}
        folder = options.out / f"{options.table}-{Path(target).name}-{seed}"
        with Console() as console:
            done = run_suites(parse_sections(raw, SuiteRun), folder, console)
            runs.append(done.whole().results)
    return runs


def _model(name: str, options: argparse.Namespace) -> dict[str, Any]:
    return {"name": name, "threads": options.threads}


def _overload(options: argparse.Namespace) -> dict[str, Any]:
    return {"copies": options.copies, "problems": options.problems}


TABLES: dict[str, Callable[[argparse.Namespace], None]] = {
    "suites": suites,
    "overload": overload,
    "revision": revision,
    "ladder": ladder,
}


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("table", choices=TABLES)
    parser.add_argument("--target", action="append", required=True)
    parser.add_argument("--reviser", action="append")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--items", type=int, default=500)
    parser.add_argument("--problems", type=int, default=24)
    parser.add_argument("--copies", type=int, default=1_024)
    parser.add_argument("--queries", type=int, default=1_000)
    parser.add_argument("--concern", choices=("arithmetic", "almanac"), default="arithmetic")
    parser.add_argument("--threads", type=int)
    parser.add_argument("--out", type=Path, default=Path("runs"))
    options = parser.parse_args(arguments)
    TABLES[options.table](options)


if __name__ == "__main__":
    main(sys.argv[1:])
