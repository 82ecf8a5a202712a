"""What `temper replay` prints."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer

from temper.cli.summary import print_transfer
from temper.report.figures import find_figures, rate_in_words
from temper.report.replay_concern import KIND, RATE
from temper.run_folder import REPORT, RESULTS


def print_replayed(folder: Path, results: Mapping[str, Any]) -> None:
    """A line for every source and target; on a concern for every judge too."""
    if results.get("kind") != KIND:
        print_transfer(folder, results)
        return
    for figure in find_figures(results["figures"], RATE):
        by = figure["by"]
        if by["attacker"] in ("all", "none"):
            label = f"{by['source'] or 'no attack'} -> {by['target']}, {by['judge']}"
            typer.echo(f"{label:<50}{rate_in_words(figure)}")
    for figure in find_figures(results["figures"], "transfer.difference"):
        label = f"{figure['by']['target']} less {figure['by']['than']}"
        typer.echo(f"{label:<50}{rate_in_words(figure)}; {figure['note']}")
    typer.echo(f"report  {folder / REPORT}\nfigures {folder / RESULTS}")
