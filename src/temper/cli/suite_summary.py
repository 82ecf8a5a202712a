"""What a finished suite run prints: a line a suite, then the ends of the overload curve."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer

from temper.cli.summary import print_warnings
from temper.report.figures import find_figures, rate_in_words
from temper.run_folder import REPORT, RESULTS

Results = Mapping[str, Any]
VERBS = {"suite.accuracy": "right", "suite.steered": "steered", "suite.refused": "refused"}


def print_suites(folder: Path, results: Results) -> None:
    """Every suite and part, and the false answers at the fewest and at the most copies."""
    for remark in results["remarks"]:
        typer.echo(remark)
    print_warnings(results)
    typer.echo(f"target {results['target']['name']} ({results['target']['hash']})")
    figures = results["figures"]
    for name, verb in VERBS.items():
        for figure in find_figures(figures, name):
            label = ", ".join(filter(None, (figure["by"]["suite"], figure["by"].get("part"))))
            typer.echo(f"  {f'{label}, {verb}':<42}{rate_in_words(figure)}")
    print_overload(figures)
    typer.echo(f"report  {folder / REPORT}\nfigures {folder / RESULTS}")


def print_overload(figures: Any) -> None:
    fillers = dict.fromkeys(
        figure["by"]["filler"] for figure in find_figures(figures, "overload.targeted")
    )
    for filler in fillers:
        curve = list(find_figures(figures, "overload.targeted", filler=filler, suffix="all"))
        drawn = [figure for figure in curve if figure["value"] is not None]
        for figure in (drawn[0], drawn[-1]) if len(drawn) > 1 else drawn:
            label = f"{figure['by']['n_copies']} x {filler}, false answer"
            typer.echo(f"  {label:<42}{rate_in_words(figure)}")
        if curve and curve[-1]["note"]:
            typer.echo(f"  {filler}: the curve {curve[-1]['note']}")
        law = list(find_figures(figures, "overload.law.exponent", filler=filler, suffix="all"))
        for figure in law:
            note = f"; {figure['note']}" if figure["note"] else ""
            typer.echo(
                f"  {f'{filler}, exponent of the law':<42}{figure['value']:.2f}"
                f" [{figure['low']:.2f}, {figure['high']:.2f}]{note}"
            )
