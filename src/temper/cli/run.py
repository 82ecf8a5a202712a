"""`temper run`: everything that a TOML file asks for."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from temper.cli.caps import (
    MaxCost,
    MaxMinutes,
    MaxQueries,
    MaxTokens,
    dotted_caps,
    given_caps,
)


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
    from temper.config import is_harden, is_worry, parse_setting

    overrides: dict[str, Any] = dict(parse_setting(text) for text in setting or [])
    overrides |= dotted_caps(given_caps(max_queries, max_tokens, max_cost, max_minutes))
    if is_harden(file) and not is_worry(file):
        _run_harden(file, target, overrides, out, as_json)
    elif is_worry(file):
        _run_worry(file, target, overrides, out, redo, as_json)
    else:
        _run_campaign(file, target, overrides, out, as_json)


def _run_campaign(
    file: Path,
    target: list[str] | None,
    overrides: dict[str, Any],
    out: str | None,
    as_json: bool,
) -> None:
    from temper.campaigns.grid import run_campaign
    from temper.cli.progress import Console
    from temper.cli.summary import print_campaign
    from temper.config import load_campaign
    from temper.run_folder import run_path

    if target:
        overrides["campaign.targets"] = target
    config = load_campaign(file, overrides)
    with Console() as console:
        outcome = run_campaign(config, run_path(out or file.stem), console)
    if as_json:
        typer.echo(json.dumps(outcome.results, indent=1))
    else:
        print_campaign(outcome.folder, outcome.results)


def _run_worry(
    file: Path,
    target: list[str] | None,
    overrides: dict[str, Any],
    out: str | None,
    redo: str | None,
    as_json: bool,
) -> None:
    from temper.campaigns.worry import run_worry
    from temper.campaigns.worry_labels import Waiting
    from temper.cli.exploit_summary import exit_if_waiting, print_exploit
    from temper.cli.harden_summary import print_sides
    from temper.cli.progress import Console
    from temper.cli.summary import exit_if_partial, print_explored, print_measure
    from temper.config import load_worry
    from temper.errors import ConfigError
    from temper.run_folder import run_path
    from temper.training.processes import led

    if target:
        if len(target) > 1:
            raise ConfigError("--target: a file with a [concern] has one target")
        overrides["target.name"] = target[0]
    folder = run_path(out or file.stem)
    config = load_worry(file, overrides)
    with led() as first:
        if not first:
            return
        with Console() as console:
            outcome = run_worry(config, folder, redo=redo, reporter=console)
    if isinstance(outcome, Waiting):
        people = "" if outcome.each == 1 else f", each by {outcome.each} people"
        typer.echo(
            f"explored: {folder / 'explore.html'}\n{outcome.done} of {outcome.wanted} texts are"
            f" labelled{people}. Run `temper label {folder}` and label them in the browser (or"
            " `temper label-with`), then run the same command again. To go on with fewer:"
            f" --set label.items={max(outcome.done, 1)}"
        )
        raise typer.Exit(3)
    if as_json:
        typer.echo(json.dumps(outcome.results, indent=1))
    elif outcome.results["kind"] == "exploit":
        print_exploit(outcome.folder, outcome.results)
    elif outcome.results["kind"] == "harden":
        print_sides(outcome.folder, outcome.results)
    elif outcome.results["kind"] == "explore":
        print_explored(outcome.folder, outcome.results)
    else:
        print_measure(outcome.folder, outcome.results)
    exit_if_partial(outcome.results)
    exit_if_waiting(outcome.results, as_json)


def _run_harden(
    file: Path,
    target: list[str] | None,
    overrides: dict[str, Any],
    out: str | None,
    as_json: bool,
) -> None:
    from temper.campaigns.hardening.grid import run_grid
    from temper.cli.harden_summary import print_grid
    from temper.cli.progress import Console
    from temper.config import load_harden_campaign
    from temper.run_folder import run_path

    if target:
        overrides["grid.targets"] = target
    config = load_harden_campaign(file, overrides)
    with Console() as console:
        outcome = run_grid(config, run_path(out or file.stem), console)
    if as_json:
        typer.echo(json.dumps(outcome.results, indent=1))
    else:
        print_grid(outcome.folder, outcome.results)
