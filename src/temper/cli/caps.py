"""The options that cap what a run may spend, the same for every verb that asks a model."""

from typing import Annotated

import typer

MaxQueries = Annotated[
    int | None,
    typer.Option(help="Stop when the target was asked so often, all stages and calls together."),
]
MaxTokens = Annotated[
    int | None, typer.Option(help="Stop at so many tokens, in and out, of all models.")
]
MaxCost = Annotated[
    float | None, typer.Option(help="Stop at so much money; needs prices.toml (docs/targets.md).")
]
MaxMinutes = Annotated[float | None, typer.Option(help="Stop after so many minutes of this call.")]

JudgeQueries = Annotated[
    int | None, typer.Option(help="Stop when the judge was asked so often, all calls together.")
]


def given_caps(
    max_queries: int | None,
    max_tokens: int | None,
    max_cost: float | None,
    max_minutes: float | None,
) -> dict[str, float]:
    """Those that were given, as the section budget names them."""
    caps = {
        "max_queries": max_queries,
        "max_tokens": max_tokens,
        "max_cost": max_cost,
        "max_minutes": max_minutes,
    }
    return {name: cap for name, cap in caps.items() if cap is not None}


def dotted_caps(caps: dict[str, float]) -> dict[str, float]:
    """The same as settings that are laid over a file's."""
    return {f"budget.{name}": cap for name, cap in caps.items()}
