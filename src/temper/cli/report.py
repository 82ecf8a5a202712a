"""`temper report`: draw a run's report anew."""

from typing import Annotated

import typer


def report(
    run: Annotated[str, typer.Argument(help="Run folder, or its name under runs/.")],
) -> None:
    """Draw report.html of a finished run anew, from its database and results.json."""
    from temper.pipeline import rebuild_report
    from temper.run_folder import run_path

    typer.echo(rebuild_report(run_path(run)))
