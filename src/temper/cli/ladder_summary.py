"""What a finished ladder prints: a line a rung and attack, then its use and cost."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer

from temper.cli.summary import print_warnings
from temper.report.figures import rate_in_words
from temper.report.ladder import SPLITS, ladder_rows
from temper.run_folder import REPORT, RESULTS


def print_ladder(folder: Path, results: Mapping[str, Any]) -> None:
    """For every rung: what gets through, what is left to use, what a query costs."""
    print_warnings(results)
    typer.echo(f"target {results['target']['name']} ({results['target']['hash']})")
    for remark in results["remarks"]:
        typer.echo(f"  {remark}")
    for row in ladder_rows(results["figures"]):
        for split, figure in row["attacks"].items():
            if figure is not None:
                label = f"{row['rung']}, {SPLITS[split]}, succeed"
                typer.echo(f"  {label:<34}{rate_in_words(figure)}")
        for name, figure in (*row["uses"].items(), ("withheld", row["withheld"])):
            if figure is not None:
                verb = "" if name == "withheld" else ", right"
                typer.echo(f"  {row['rung'] + ', ' + name + verb:<34}{rate_in_words(figure)}")
        calls, tokens, seconds = (figure["value"] for figure in row["costs"].values())
        cost = f"{calls:.2f} calls, {tokens:.0f} tokens, {seconds:.4f} s"
        typer.echo(f"  {row['rung'] + ', a query costs':<34}{cost}")
    typer.echo(f"report  {folder / REPORT}\nfigures {folder / RESULTS}")
