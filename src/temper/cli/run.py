"""`temper run`: everything that a TOML file asks for."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from temper.cli.caps import (
    MaxCost,
    MaxMinutes,
    MaxQueries,
    MaxTokens,
    dotted_caps,
    given_caps,
)

if TYPE_CHECKING:
    from temper.campaigns.worry_labels import Waiting
    from temper.run_folder import Outcome


def run(
    file: Annotated[Path, typer.Argument(help="A TOML file, e.g. one of recipes/.")],
    target: Annotated[
        list[str] | None,
        typer.Option(help="A shipped model or a checkpoint, instead of the file's. Repeatable."),
    ] = None,
    setting: Annotated[
        list[str] | None,
        typer.Option("--set", help="One setting, e.g. attack.max_queries=1000. Repeatable."),
    ] = None,
    max_queries: MaxQueries = None,
    max_tokens: MaxTokens = None,
    max_cost: MaxCost = None,
    max_minutes: MaxMinutes = None,
    out: Annotated[
        str | None, typer.Option(help="Folder, or a name under runs/.", show_default="runs/FILE")
    ] = None,
    redo: Annotated[
        str | None,
        typer.Option(
            help="With a [concern]: forget this stage and what follows: draw, choose, exploit."
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print results.json instead of a summary.")
    ] = False,
) -> None:
    """Run what a file asks for; the same command continues where it was.

    With a section concern: explore, label, and learn a measure, in one folder; with a section
    exploit too, train attackers against it. `temper init` writes such a file. Exit code 3 while it
    waits for people's labels, or where a cap is reached: what was done is kept and shown, and the
    same command with a higher cap goes on. Under torchrun (torchrun --nproc_per_node N -m temper
    run FILE) N processes train together. With a section campaign: attack every target with every
    seed, then put all attacks to all targets, a run folder for each. With a section harden: attack
    every target of the grid with every seed, harden it, and climb the ladder above the hardened
    model.
    """
    from temper.campaigns.files import run_file
    from temper.campaigns.worry_labels import Waiting
    from temper.cli.progress import Console
    from temper.config import parse_setting
    from temper.run_folder import run_path
    from temper.training.processes import led

    settings: dict[str, Any] = dict(parse_setting(text) for text in setting or [])
    settings |= dotted_caps(given_caps(max_queries, max_tokens, max_cost, max_minutes))
    folder = run_path(out or file.stem)
    with led() as first:
        if not first:
            return
        with Console() as console:
            outcome = run_file(file, folder, target or (), settings, redo=redo, reporter=console)
    if isinstance(outcome, Waiting):
        _ask_for_labels(folder, outcome)
    if as_json:
        typer.echo(json.dumps(outcome.results, indent=1))
    else:
        _print(outcome)
    _exit(outcome.results, as_json)


def _ask_for_labels(folder: Path, waiting: "Waiting") -> NoReturn:
    people = "" if waiting.each == 1 else f", each by {waiting.each} people"
    typer.echo(
        f"explored: {folder / 'explore.html'}\n{waiting.done} of {waiting.wanted} texts are"
        f" labelled{people}. Run `temper label {folder}` and label them in the browser (or"
        " `temper label-with`), then run the same command again. To go on with fewer:"
        f" --set label.items={max(waiting.done, 1)}"
    )
    raise typer.Exit(3)


def _print(outcome: "Outcome") -> None:
    from temper.cli.exploit_summary import print_exploit
    from temper.cli.harden_summary import print_grid, print_sides
    from temper.cli.summary import print_campaign, print_explored, print_measure

    kinds = {
        "exploit": print_exploit,
        "harden": print_sides,
        "explore": print_explored,
        "establish": print_measure,
        "hardenings": print_grid,
    }
    kinds.get(outcome.results.get("kind", ""), print_campaign)(outcome.folder, outcome.results)


def _exit(results: dict[str, Any], as_json: bool) -> None:
    """With code 3 where the run is not whole."""
    from temper.cli.exploit_summary import exit_if_waiting
    from temper.cli.summary import exit_if_partial

    exit_if_partial(results)
    exit_if_waiting(results, as_json)
