"""`temper target`: what a model can do."""

from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="What a model can do, before it is tested.")


@app.callback()
def _group() -> None:
    pass


@app.command()
def check(
    path: Annotated[str, typer.Argument(help="A shipped model or a checkpoint folder.")],
    device: Annotated[str, typer.Option(help="A torch device.")] = "auto",
) -> None:
    """Say in one line what a target can do, or what is wrong with it (exit code 2)."""
    from temper.cli import one_line
    from temper.config import TargetConfig
    from temper.targets.check import check_target

    typer.echo(one_line(check_target(TargetConfig(name=path, device=device))))
