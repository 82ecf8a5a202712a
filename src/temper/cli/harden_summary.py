"""What a finished hardening or comparison prints: the verdict, then before beside after."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer

from temper.cli.summary import print_warnings
from temper.report.figures import rate_in_words
from temper.report.harden import (
    SPLITS,
    attack_rows,
    no_way_out,
    round_rows,
    search_rows,
    side_rows,
)
from temper.report.hardenings import target_rows
from temper.run_folder import REPORT, RESULTS


def print_sides(folder: Path, results: Mapping[str, Any]) -> None:
    """The verdict with its reasons, attacks by split, fresh searches, use."""
    print_warnings(results)
    for side, key in (("before", "target"), ("after", "hardened")):
        if results[key] is not None:
            typer.echo(f"{side:<7}{results[key]['name']} ({results[key]['hash']})")
    figures = results["figures"]
    for row in attack_rows(figures):
        _print_row(f"{SPLITS[row['cell']]}, succeed", row)
    for row in search_rows(figures):
        first = row["first"]["value"]
        after = "" if first is None else f", first after {first:.0f} queries"
        typer.echo(
            f"  search {row['search']} {row['side']}: {row['accepted']['value']:.0f} of"
            f" {row['accepted']['n']} accepted, {row['distinct']['value']:.0f} distinct{after}"
        )
    for row in round_rows(figures):
        typer.echo(
            f"  round {row['round']}: {row['accepted']['value']:.0f} of {row['accepted']['n']}"
            f" accepted; the best succeed {rate_in_words(row['rate'])}"
        )
    for row in side_rows(figures, "utility.accuracy", "suite"):
        _print_row(f"{row['cell']}, right", row)
    if results["moved"] is not None:
        count = results["moved"]["count"]
        typer.echo(
            f"  attacks: {count['fixed']} fixed, {count['newly']} newly work, {count['both']} work"
            f" on both sides, {count['neither']} on neither, {count['unread']} could not be read"
        )
    typer.echo("")
    _print_verdict(results)
    typer.echo(f"report  {folder / REPORT}\nfigures {folder / RESULTS}")


def _print_verdict(results: Mapping[str, Any]) -> None:
    if results["verdict"] is None:
        typer.echo("verdict none: what it rests on is not finished")
        return
    typer.echo(f"verdict {results['verdict']['word']}")
    for reason in results["verdict"]["reasons"]:
        typer.echo(f"  {reason}")
    if stuck := no_way_out(results):
        typer.echo(f"  {stuck}")


def _print_row(label: str, row: Mapping[str, Any]) -> None:
    typer.echo(f"  {label}")
    for side in ("before", "after"):
        if row[side] is not None:
            typer.echo(f"    {side:<7} {rate_in_words(row[side])}")


def print_grid(folder: Path, results: Mapping[str, Any]) -> None:
    """Every run's verdict, then means over the seeds."""
    print_warnings(results)
    for one in results["hardenings"]:
        typer.echo(f"{one['target']['name']}, seed {one['seed']}: {one['verdict']['word']}")
    for row in target_rows(results):
        typer.echo(row["target"])
        for one in row["attacks"]:
            _print_row(f"{SPLITS[one['cell']]}, succeed", one)
        for one in row["uses"]:
            _print_row(f"{one['cell']}, right", one)
    typer.echo(f"report  {folder / REPORT}\nfigures {folder / RESULTS}")


SHORT = ("held_out", "held_families", "fresh")
"""Attacks that say most, where there is room for three lines."""


def print_before_and_after(results: Mapping[str, Any]) -> None:
    """Held-out attacks, fresh searches and clean sums on both sides, and the verdict."""
    figures = results["figures"]
    typer.echo(f"hardened by {results['data']['rows']} rows ({results['mitigation']}):")
    for row in attack_rows(figures, SHORT):
        _print_row(f"{SPLITS[row['cell']]}, succeed", row)
    for row in side_rows(figures, "utility.accuracy", "suite", ("clean",)):
        _print_row("plain sums, right", row)
    _print_verdict(results)
