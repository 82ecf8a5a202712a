"""The options that cap what a run may spend, the same for every verb that asks a model."""

from typing import Annotated

import typer

MaxQueries = Annotated[
    int | None, typer.Option(help="Stop when the target was asked so often, all stages together.")
]
MaxTokens = Annotated[
    int | None, typer.Option(help="Stop at so many tokens, in and out, of all models.")
]
MaxCost = Annotated[
    float | None, typer.Option(help="Stop at so much money; needs prices.toml (docs/targets.md).")
]
MaxMinutes = Annotated[float | None, typer.Option(help="Stop after so many minutes of this call.")]
