"""Check a shipped model, or a rebuilt one: every figure of its kind, as in results.json."""

import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

from temper.config import TargetConfig
from temper.organisms.build import load_recipe
from temper.organisms.checks.asking import Subject
from temper.records import Rate, content_id
from temper.targets.registry import open_target, shipped_models

CASES = 500


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
