"""`temper export`: what a run found, as files for other tools."""

from pathlib import Path
from typing import Annotated

import typer


def export(
    run: Annotated[str, typer.Argument(help="A run's folder, or its name under runs/.")],
    out: Annotated[Path | None, typer.Option(help="Folder.", show_default="RUN/assets")] = None,
    every: Annotated[bool, typer.Option(help="Attempts that did not succeed too.")] = False,
) -> None:
    """Write a run's attacks as JSON lines and as a Hugging Face data set folder with a card.

    Each row has the attack, its lineage, the response and every judge's verdict. Trained attackers
    are copied beside them: the fixed set, and what draws new ones.
    """
    from temper.campaigns.assets import export_attacks
    from temper.run_folder import run_path

    folder = out or run_path(run) / "assets"
    count = export_attacks(run, folder, every=every)
    typer.echo(f"{count} attempts: {folder}")
