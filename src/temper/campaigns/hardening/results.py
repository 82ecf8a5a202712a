"""What a hardening rests on, and the object of its results.json."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from temper.arithmetic.suites import VERSION
from temper.campaigns.hardening.bench import Bench
from temper.campaigns.hardening.chain import Link
from temper.campaigns.hardening.rows import TrainingData
from temper.campaigns.versus import Compared
from temper.records import Rate, content_id
from temper.targets.registry import shipped_models


def harden_inputs(bench: Bench, data: TrainingData) -> dict[str, dict[str, Any]]:
    config = bench.config
    fixed = config.harden.fixed()
    fixed.pop("grader")
    return {
        "harden": {
            "run.seed": bench.seed,
            "target": bench.target.hash,
            "grader": bench.grader.hash if bench.grader else None,
            "suites": VERSION,
            "rows": content_id([[row.prompt.to_list(), row.answer] for row in data.rows]),
            **{f"harden.{key}": value for key, value in fixed.items()},
            **{f"problems.{key}": value for key, value in config.problems.fixed().items()},
            "problems.frame": bench.frame,
        }
    }


def harden_results(
    bench: Bench,
    data: TrainingData,
    links: Sequence[Link],
    compared: Compared,
    rates: Sequence[Rate],
) -> dict[str, Any]:
    protocol = dict(harden_inputs(bench, data)["harden"])
    protocol.pop("target")
    hardened = bench.open(links[-1].trained.last) if links else None
    spent = bench.store.spent()
    asked = [row for row in spent if row["role"] == "target"]
    return {
        "kind": "harden",
        "mitigation": bench.mitigation,
        "target": {
            "name": bench.target.name,
            "hash": bench.target.hash,
            "shipped": bench.config.target.name in shipped_models(),
        },
        "hardened": hardened and {"name": hardened.name, "hash": hardened.hash},
        **compared.to_json(),
        "data": {
            "rows": len(data.rows),
            "kinds": dict(Counter(row.kind for row in data.rows)),
            "kind": bench.config.harden.data,
            "attacks": len(data.texts),
            "held_out": len(data.divided.held_out),
            "held_families": list(data.divided.families),
            "of_held_families": len(data.divided.held_families),
            "dropped": data.divided.dropped,
        },
        "curves": _curves(bench),
        "protocol": {"hash": content_id(protocol), **protocol},
        "figures": [rate.to_json() for rate in rates],
        "cost": {
            "queries": sum(row["queries"] for row in asked),
            "tokens": sum(row["tokens"] for row in asked),
            "seconds": round(sum(row["seconds"] or 0 for row in asked), 3),
        },
    }


def _curves(bench: Bench) -> dict[str, list[tuple[int, float]]]:
    found: dict[str, list[tuple[int, float]]] = {}
    for step, curves in sorted(bench.store.curves("harden", bench.seed).items()):
        for name, value in curves.items():
            found.setdefault(name, []).append((step, float(f"{value:.6g}")))
    return found
