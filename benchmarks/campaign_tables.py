"""Tables of a finished campaign (temper run FILE.toml), in Markdown.

    python benchmarks/campaign_tables.py runs/arithmetic TABLE [--attacker pirs]

TABLE: seeds, budgets, errors, families, digits, aims, transfer or found.
"""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

Figure = Mapping[str, Any]
BUDGETS = (100, 1_000, 10_000)
CHOSEN = {"attacks": "accepted", "decoding": "greedy"}
CUTS = {"errors": "error_size", "families": "family", "digits": "digits"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path)
    parser.add_argument(
        "table", choices=["seeds", "budgets", *CUTS, "aims", "transfer", "found"], metavar="TABLE"
    )
    parser.add_argument("--attacker", default="pirs")
    options = parser.parse_args()
    figures = json.loads((options.run / "results.json").read_text())["figures"]
    match options.table:
        case "seeds":
            rows = by_seed(options.run, figures)
        case "budgets":
            rows = by_budget(figures)
        case "aims":
            rows = by_aim(figures)
        case "transfer":
            rows = transfer(figures, options.attacker)
        case "found":
            rows = found(figures)
        case cut:
            rows = by_cut(figures, CUTS[cut], options.attacker)
    for place, row in enumerate(rows):
        print("| " + " | ".join(row) + " |")
        if place == 0:
            print("|---" * len(row) + "|")


def by_seed(run: Path, figures: Sequence[Figure]) -> Iterator[Sequence[str]]:
    """One row a target and attacker; figures of the seeds beside each other."""
    names = json.loads((run / "results.json").read_text())["runs"]
    runs = [json.loads((run / name / "results.json").read_text()) for name in names]
    yield (
        *("target", "attacker", "accepted", "distinct", "first hit, queries"),
        *("greedy, by seed", "greedy, all", "default sampling, all"),
        "all proposed, greedy",
    )
    for target, attacker in pairs(figures):
        mine = [one["figures"] for one in runs if one["target"]["name"] == target]
        wanted = {"attacker": attacker, "target": target}
        counts = (
            ", ".join(count(only(one, name, **wanted, split=None)) for one in mine)
            for name in ("search.accepted", "findings.distinct", "attack.queries_to_first_hit")
        )
        seeds = ", ".join(
            percent(only(one, "attack.targeted", **wanted, **CHOSEN, split="unseen"))
            for one in mine
        )
        pooled = (
            percent(only(figures, "attack.targeted", **wanted, attacks="accepted", decoding=way))
            for way in ("greedy", "default")
        )
        proposed = only(figures, "attack.targeted", **wanted, attacks="proposed", decoding="greedy")
        yield target, attacker, *counts, seeds, *pooled, percent(proposed)


def by_budget(figures: Sequence[Figure]) -> Iterator[Sequence[str]]:
    """Accepted attacks of all seeds and their success, by the queries that the search had spent."""
    yield "target", "attacker", *(f"{budget:,} queries" for budget in BUDGETS)
    for target, attacker in pairs(figures):
        cells: list[str] = []
        for budget in BUDGETS:
            wanted = {"attacker": attacker, "target": target, "max_queries": budget}
            accepted = count(only(figures, "search.accepted", **wanted))
            rate = percent(only(figures, "attack.targeted", **wanted, **CHOSEN))
            cells.append(accepted if rate == "–" else f"{accepted}: {rate}")
        yield target, attacker, *cells


def by_cut(figures: Sequence[Figure], cut: str, attacker: str) -> Iterator[Sequence[str]]:
    """Accepted attacks of one attacker, greedy, one row a value of the cut."""
    wanted = {"attacker": attacker, **CHOSEN}
    mine = [one for one in figures if one["name"] == "attack.targeted" and cut in one["by"]]
    mine = [one for one in mine if all(one["by"].get(key) == wanted[key] for key in wanted)]
    targets = list(dict.fromkeys(one["by"]["target"] for one in mine))
    yield cut.replace("_", " "), *targets
    for value in dict.fromkeys(one["by"][cut] for one in mine):
        cells = (
            next((percent(one) for one in mine if one["by"][cut] == value and at(one, target)), "–")
            for target in targets
        )
        yield str(value), *cells


def by_aim(figures: Sequence[Figure]) -> Iterator[Sequence[str]]:
    """The chosen wrong answer beside any wrong answer, of the same attempts."""
    yield "target", "attacker", "the chosen wrong answer", "any wrong answer"
    for target, attacker in pairs(figures):
        wanted = {"attacker": attacker, "target": target, **CHOSEN}
        rates = (
            percent(only(figures, name, **wanted))
            for name in ("attack.targeted", "attack.untargeted")
        )
        yield target, attacker, *rates


def transfer(figures: Sequence[Figure], attacker: str) -> Iterator[Sequence[str]]:
    """Attacks found on the row's model, put to the column's."""
    mine = [
        one
        for one in figures
        if one["name"] == "transfer.targeted"
        and one["by"]["attacker"] == attacker
        and one["by"]["decoding"] == "greedy"
    ]
    targets = list(dict.fromkeys(one["by"]["target"] for one in mine))
    yield "found on", *(f"on {target}" for target in targets)
    for source in dict.fromkeys(one["by"]["source"] for one in mine):
        row = {one_["by"]["target"]: one_ for one_ in mine if one_["by"]["source"] == source}
        yield source, *(percent(row.get(target)) for target in targets)


def found(figures: Sequence[Figure]) -> Iterator[Sequence[str]]:
    """Distinct findings of all seeds, how many there may be, and the share of hits they cover."""
    yield "target", "attacker", "distinct", "estimated", "coverage"
    for target, attacker in pairs(figures):
        wanted = {"attacker": attacker, "target": target}
        estimated = only(figures, "findings.estimated", **wanted)
        span = "–" if estimated is None else f"{count(estimated)} {ends(estimated, 1)}"
        yield (
            *(target, attacker, count(only(figures, "findings.distinct", **wanted))),
            *(span, percent(only(figures, "findings.coverage", **wanted))),
        )


def pairs(figures: Sequence[Figure]) -> list[tuple[str, str]]:
    accepted = [one["by"] for one in figures if one["name"] == "search.accepted"]
    return list(dict.fromkeys((by["target"], by["attacker"]) for by in accepted))


def at(figure: Figure, target: str) -> bool:
    return figure["by"]["target"] == target


def only(figures: Sequence[Figure], name: str, **facets: Any) -> Figure | None:
    """The figure with these facets and no other; the split, named or not, makes no difference."""
    wanted = {key: value for key, value in facets.items() if key != "split"}
    for one in figures:
        by = {key: value for key, value in one["by"].items() if key != "split"}
        if one["name"] == name and by == wanted:
            return one
    return None


def count(figure: Figure | None) -> str:
    return "–" if figure is None or figure["value"] is None else f"{figure['value']:,.0f}"


def percent(figure: Figure | None) -> str:
    if figure is None or figure["value"] is None:
        return "–"
    return f"{100 * figure['value']:.1f} {ends(figure, 100)}"


def ends(figure: Figure, scale: float) -> str:
    if figure["low"] is None or figure["high"] is None:
        return ""
    low, high = (f"{scale * figure[end]:.{0 if scale == 1 else 1}f}" for end in ("low", "high"))
    return f"[{low}, {high}]"


if __name__ == "__main__":
    main()
