"""What a ladder rests on and what it cost: fingerprints, costs, the object of results.json."""

from collections.abc import Iterator, Sequence
from typing import Any

from temper.arithmetic.suites import VERSION
from temper.campaigns.rungs import REVISING, Models
from temper.config import LadderRun
from temper.harden.revise import load_constitution
from temper.records import Rate, content_id
from temper.store import Store
from temper.targets.registry import shipped_models

Row = dict[str, Any]
INNER = ("call", "helper")
"""Roles of what a mitigation asks."""


def cost_rates(store: Store, stage: str, facets: dict[str, str | int | float]) -> Iterator[Rate]:
    """What one query costs behind this rung: calls of any model, tokens, seconds."""
    spent = {row["role"]: row for row in store.spent() if row["stage"] == stage}
    asked = spent["target"]["queries"]
    inner = [row for role, row in spent.items() if role != "target"] or [spent["target"]]
    for name, key in (("calls", "queries"), ("tokens", "tokens"), ("seconds", "seconds")):
        total = sum(row[key] or 0 for row in inner)
        yield Rate(
            name=f"cost.{name}",
            value=total / asked,
            n=asked,
            note="a mean of this run, no estimate",
            by=facets,
        )


def counted_once(spent: Sequence[Row]) -> list[Row]:
    """Without what a mitigated target was asked: its calls are counted."""
    mitigated = {row["stage"] for row in spent if row["role"] in INNER}
    return [row for row in spent if row["role"] != "target" or row["stage"] not in mitigated]


def ladder_inputs(config: LadderRun, models: Models) -> dict[str, dict[str, Any]]:
    fixed = config.ladder.fixed()
    if config.ladder.constitution is not None:
        # a file may be written anew under its old name
        fixed["constitution_text"] = content_id(load_constitution(config.ladder.constitution))
    shared: dict[str, Any] = {
        "run.seed": config.run.seed,
        "suites": VERSION,
        "target": models.target.hash,
        "red": models.red.hash,
        **{f"ladder.{key}": value for key, value in fixed.items()},
        **{f"problems.{key}": value for key, value in config.problems.fixed().items()},
    }
    helped = {"reviser": models.reviser.hash}
    return {
        f"ladder/{rung}": shared | (helped if rung in (*REVISING, "guard") else {})
        for rung in dict.fromkeys(("none", *config.ladder.rungs))
    }


def ladder_results(config: LadderRun, models: Models, rates: list[Rate]) -> dict[str, Any]:
    protocol: dict[str, Any] = {"ladder.rungs": list(config.ladder.rungs)}
    for inputs in ladder_inputs(config, models).values():
        protocol |= inputs
    protocol.pop("target")
    spent = models.store.spent()
    # a mitigated target's tokens and seconds hold those of its calls
    outer = [row for row in spent if row["role"] not in INNER]
    silent = models.store.empty_replies("helper")
    return {
        "target": {
            "name": models.target.capabilities.name,
            "hash": models.target.hash,
            "shipped": config.target.name in shipped_models(),
        },
        "ladder": config.ladder.concern,
        "remarks": _remarks(models.reviser.capabilities.name, *silent),
        "protocol": {"hash": content_id(protocol), **protocol},
        "figures": [rate.to_json() for rate in rates],
        "cost": {
            "queries": sum(row["queries"] for row in spent if row["role"] == "target"),
            "calls": sum(row["queries"] for row in spent if row["role"] in INNER),
            "tokens": sum(row["tokens"] for row in spent if row["role"] == "target"),
            "seconds": round(sum(row["seconds"] or 0 for row in outer), 3),
        },
    }


def _remarks(reviser: str, empty: int, asked: int) -> list[str]:
    if not empty:
        return []
    return [
        f"The reviser {reviser} answered nothing in {empty} of {asked} revisions; there the answer"
        " before stands."
    ]
