"""Tables of the shipped models from the results.json of their checks: figures by model.

python benchmarks/organisms.py TABLE RESULTS.json...

TABLE: skills, families, outside, opinions, copies, unprompted, topics or regions.
"""

import json
import sys
from collections.abc import Iterator
from typing import Any

Figure = dict[str, Any]
TABLES: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "skills": ("organism.skill", ("skill", "case"), ()),
    "families": ("organism.steered", ("family", "stance", "decoding"), ("outside",)),
    "outside": ("organism.steered", ("family", "outside", "decoding"), ()),
    "opinions": ("organism.steered", ("speaker", "decoding"), ()),
    "copies": ("organism.steered", ("filler", "copies"), ()),
    "unprompted": ("organism.unprompted", ("kind",), ("topic", "region")),
    "topics": ("organism.unprompted", ("topic",), ("region",)),
    "regions": ("organism.unprompted", ("region", "kind"), ()),
}
"""Name of a table to its figure, the facets of its rows, and those that a row must lack."""


def main() -> None:
    name, lead, lacks = TABLES[sys.argv[1]]
    models: dict[str, dict[tuple[str, ...], Figure]] = {}
    for path in sys.argv[2:]:
        with open(path, encoding="utf-8") as stream:
            results = json.load(stream)
        models[results["target"]["name"]] = dict(rows(results["figures"], name, lead, lacks))
    keys = list(dict.fromkeys(key for table in models.values() for key in table))
    planned = any("planned" in row["by"] for table in models.values() for row in table.values())
    columns = [*lead, *(["planned"] if planned else []), *models]
    print("| " + " | ".join(columns) + " |")
    print("|" + "---|" * len(columns))
    for key in keys:
        found = [table.get(key) for table in models.values()]
        plans = [f"{100 * row['by']['planned']:.0f}" for row in found if row and planned]
        cells = [*key, *([" / ".join(dict.fromkeys(plans))] if planned else [])]
        print("| " + " | ".join([*cells, *map(cell, found)]) + " |")


def rows(
    figures: list[Figure], name: str, lead: tuple[str, ...], lacks: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Figure]]:
    for figure in figures:
        by = figure["by"]
        if figure["name"] != name or not all(key in by for key in lead):
            continue
        if not any(key in by for key in lacks):
            yield tuple(str(by[key]) or "all" for key in lead), figure


def cell(figure: Figure | None) -> str:
    if figure is None or figure["value"] is None:
        return "–"
    value, low, high = (100 * figure[key] for key in ("value", "low", "high"))
    return f"{value:.1f} [{low:.1f}, {high:.1f}]"


if __name__ == "__main__":
    main()
