"""The object of results.json: what was tested, how, what came of it, what it cost."""

from collections.abc import Mapping, Sequence
from typing import Any

from temper.arithmetic.oracle import VERSION
from temper.ending import Ending
from temper.pipeline.run import Run, stage_inputs
from temper.records import content_id
from temper.stages import unfinished
from temper.targets.registry import shipped_models


def results_of(run: Run, ending: Ending) -> dict[str, Any]:
    """The object of results.json: what was tested, how, what came of it, what it cost."""
    protocol: dict[str, Any] = {}
    for inputs in stage_inputs(run).values():
        protocol |= inputs
    if protocol.pop("target") == protocol.get("red"):
        protocol["red"] = "the target itself"  # so that two targets' runs are alike
    protocol["attack.max_queries"] = run.config.attack.max_queries
    protocol["attack.attackers"] = list(run.config.attack.attackers)
    protocol["judge"] = f"arithmetic {VERSION}"
    spent = run.store.spent()
    asked = [row for row in spent if row["role"] == "target"]
    return {
        **ending.partial(unfinished(run.store, stage_inputs(run))),
        "target": {
            "name": run.target.capabilities.name,
            "hash": run.target.hash,
            "shipped": run.config.target.name in shipped_models(),
            "quirks": list(run.target.capabilities.quirks),
        },
        "red": {"name": run.red.capabilities.name, "hash": run.red.hash},
        "protocol": {"hash": content_id(protocol), **protocol},
        "figures": run.store.figures(),
        "cost": {
            "queries": sum(row["queries"] for row in asked),
            "tokens": sum(row["tokens"] for row in asked),
            "seconds": round(sum(row["seconds"] or 0 for row in asked), 3),
            "money": _money(run, spent),
            "by_stage": [{**row, "seconds": round(row["seconds"] or 0, 3)} for row in spent],
        },
    }


def _money(run: Run, spent: Sequence[Mapping[str, Any]]) -> float | None:
    """Of all models, for the exchanges that the results rest on; None where a price is missing."""
    cost = run.budget.cost_of(spent)
    return None if cost is None else round(cost, 6)
