"""What a finished ladder prints: a line a rung and attack, then its use and cost."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer

from temper.report.figures import percent, rate_in_words
from temper.report.ladder import SPLITS, ladder_rows
from temper.run_folder import REPORT, RESULTS


def print_ladder(folder: Path, results: Mapping[str, Any]) -> None:
    """For every rung: what gets through, what is left to use, what a query costs."""
    typer.echo(f"target {results['target']['name']} ({results['target']['hash']})")
    for remark in results["remarks"]:
        typer.echo(f"  {remark}")
    for row in ladder_rows(results["figures"]):
        for split, figure in row["attacks"].items():
            if figure is not None:
                label = f"{row['rung']}, {SPLITS[split]}, succeed"
                typer.echo(f"  {label:<34}{rate_in_words(figure)}")
        uses = ", ".join(
            f"{name} {percent(figure['value'])} right"
            for name, figure in row["uses"].items()
            if figure is not None
        )
        calls, tokens, seconds = (figure["value"] for figure in row["costs"].values())
        typer.echo(
            f"  {row['rung'] + ', in use':<34}{uses}; withheld {percent(row['withheld']['value'])};"
            f" {calls:.2f} calls, {tokens:.0f} tokens, {seconds:.4f} s a query"
        )
    typer.echo(f"report  {folder / REPORT}\nfigures {folder / RESULTS}")
