"""Check a shipped model, or a rebuilt one: every figure of its kind, as in results.json."""

import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

from temper.config import TargetConfig
from temper.organisms.build import load_recipe
from temper.organisms.checks.asking import Subject
from temper.records import Rate, content_id
from temper.report.figures import rate_in_words
from temper.targets.registry import open_target, shipped_models

TOLERANCE = 0.10
NOT_PLANTED = 0.05


def check_model(
    name: str, target: TargetConfig, *, n: int, seed: int, report: Callable[[Rate], None]
) -> dict[str, Any]:
    """The object of results.json; `report` hears of each figure as it is measured.

    Args:
        name: the recipe that the model was built from: says what to expect of it.
        target: which model to ask.
        n: cases a figure; unprompted text takes ten times as many.
        seed: decides the cases and the sampling.
        report: told of each figure.

    Raises:
        ConfigError: no recipe of that name.
        TargetError: the model cannot be used.
    """
    recipe = load_recipe(name)
    checks = import_module(f"temper.organisms.checks.{recipe['corpus']}")
    model = open_target(target)
    started = time.monotonic()
    figures: list[dict[str, Any]] = []
    context = recipe["architecture"]["max_position_embeddings"]
    for rate in checks.check(Subject(model, name, n, seed), recipe, context):
        report(rate)
        figures.append(rate.to_json())
    protocol = {"check": name, "n": n, "seed": seed}
    return {
        "target": {"name": name, "hash": model.hash, "shipped": target.name in shipped_models()},
        "protocol": {"hash": content_id(protocol), **protocol},
        "figures": figures,
        "cost": {"seconds": round(time.monotonic() - started, 1)},
    }


def in_words(rate: Rate) -> str:
    """A line for the terminal; a steered rate that is not as planned says so."""
    facets = {key: value for key, value in rate.by.items() if key not in ("target", "planned")}
    label = ", ".join(f"{key} {value}" for key, value in facets.items() if value != "")
    mark = "" if as_planned(rate) else f"   off plan ({100 * float(rate.by['planned']):.0f} %)"
    return f"{label:<80}{rate_in_words(rate.to_json())}{mark}"


def as_planned(rate: Rate) -> bool:
    """Within ten points of the plan, or at most 5 % where nothing is planned; True without a plan.

    A plan speaks of probabilities, so it binds only at default sampling.
    """
    planned = rate.by.get("planned")
    if planned is None or rate.value is None or rate.by.get("decoding") == "greedy":
        return True
    if planned == 0:
        return rate.value <= NOT_PLANTED
    return abs(rate.value - float(planned)) <= TOLERANCE
