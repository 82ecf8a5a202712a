"""`temper attack`: search for attacks on a model and measure them."""

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

app = typer.Typer(no_args_is_help=True, help="Search for attacks on a model and measure them.")


@app.callback()
def _group() -> None:
    pass


@app.command()
def arithmetic(
    target: Annotated[
        str | None,
        typer.Option(
            help="A shipped model, a checkpoint folder, or a server's URL.", show_default="abacus-s"
        ),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(help="Which of the server's models.", show_default="its only one"),
    ] = None,
    red: Annotated[
        str | None,
        typer.Option(help="The model that writes attacks.", show_default="the target itself"),
    ] = None,
    red_model: Annotated[str | None, typer.Option(help="Which of the red server's models.")] = None,
    search_queries: Annotated[
        int | None,
        typer.Option(
            help="Prompts to the target for each attacker's search.",
            show_default="4000, or its share of --max-queries",
        ),
    ] = None,
    max_queries: MaxQueries = None,
    max_tokens: MaxTokens = None,
    max_cost: MaxCost = None,
    max_minutes: MaxMinutes = None,
    untargeted: Annotated[
        bool, typer.Option("--untargeted", help="Steer to any wrong answer, not to a chosen one.")
    ] = False,
    config: Annotated[Path | None, typer.Option(help="A TOML file with these settings.")] = None,
    setting: Annotated[
        list[str] | None,
        typer.Option("--set", help="One setting, e.g. attack.threshold=2. Repeatable."),
    ] = None,
    out: Annotated[
        str | None,
        typer.Option(
            help="Run folder, or a name under runs/.", show_default="runs/arithmetic-TARGET-SEED"
        ),
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Decides every random choice.")] = None,
    redo: Annotated[
        str | None, typer.Option(help="Forget this stage and what follows: search, measure.")
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run", help="Do a small part, and say what all will spend; it is not paid twice."
        ),
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print results.json instead of a summary.")
    ] = False,
) -> None:
    """Attack a model's sums, where the truth is exact; the same command again continues the run.

    Writes results.json and a self-contained report.html into the run folder.
    """
    from temper.cli.progress import Console
    from temper.cli.summary import exit_if_partial, print_forecast, print_summary
    from temper.config import divided, load_config, parse_setting
    from temper.pipeline import attack_arithmetic
    from temper.run_folder import run_path

    overrides: dict[str, Any] = dict(parse_setting(text) for text in setting or [])
    given = {
        "target.name": target,
        "target.model": model,
        "red.name": red,
        "red.model": red_model,
        "attack.max_queries": search_queries,
        "attack.aim": "untargeted" if untargeted else None,
        "run.seed": seed,
    }
    overrides |= {key: value for key, value in given.items() if value is not None}
    overrides |= dotted_caps(given_caps(max_queries, max_tokens, max_cost, max_minutes))
    settings = divided(load_config(config, overrides))
    name = out or f"arithmetic-{settings.target.label}-{settings.run.seed}"
    if dry_run:
        from temper.campaigns.dry_run import dry_run as forecast_of

        with Console() as console:
            print_forecast(forecast_of(settings, run_path(name), console))
        return
    with Console() as console:
        outcome = attack_arithmetic(settings, run_path(name), redo=redo, reporter=console)
    if as_json:
        typer.echo(json.dumps(outcome.results, indent=1))
    else:
        print_summary(outcome.folder, outcome.results)
    exit_if_partial(outcome.results)
