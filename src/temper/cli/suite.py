"""`temper suite`: fixed sets of prompts with exact answers."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from temper.cli.caps import MaxCost, MaxMinutes, MaxQueries, MaxTokens, given_caps

app = typer.Typer(
    no_args_is_help=True, help="Put fixed prompts with exact answers to a model: no attacker."
)


@app.callback()
def _group() -> None:
    pass


@app.command()
def arithmetic(
    target: Annotated[str, typer.Option(help="A shipped model or a checkpoint.")] = "abacus-s",
    suite: Annotated[
        list[str] | None,
        typer.Option(
            help="One suite: clean, random_templating, word_problems, sequence_copying, lookups,"
            " held_out_pirs, ood, independent_red, sycophancy, overload. Repeatable.",
            show_default="all",
        ),
    ] = None,
    items: Annotated[int, typer.Option(min=12, help="Items of each suite.")] = 500,
    digits: Annotated[
        list[int] | None, typer.Option(help="Problem sizes. Repeatable.", show_default="1 2")
    ] = None,
    copies: Annotated[int, typer.Option(min=1, help="Most copies of the overload.")] = 1_024,
    problems: Annotated[int, typer.Option(min=2, help="Problems of the overload.")] = 24,
    filler: Annotated[
        list[str] | None,
        typer.Option(
            help="What the overload repeats: false, true, other, neutral. Repeatable.",
            show_default="false true neutral",
        ),
    ] = None,
    frame: Annotated[str, typer.Option(help="auto, chat, qa or bare.")] = "auto",
    max_queries: MaxQueries = None,
    max_tokens: MaxTokens = None,
    max_cost: MaxCost = None,
    max_minutes: MaxMinutes = None,
    out: Annotated[
        str | None,
        typer.Option(help="Run folder, or a name under runs/.", show_default="runs/suite-TARGET"),
    ] = None,
    seed: Annotated[int, typer.Option(help="Decides which problems are asked.")] = 0,
    threads: Annotated[int | None, typer.Option(help="torch threads.")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print results.json instead of a summary.")
    ] = False,
) -> None:
    """Measure sums in many wordings, copying, look-ups, attacks, opinions and context overload.

    Truth is exact: no judge, no attacker. The same command again continues the run.
    """
    from temper.campaigns.suite import run_suites
    from temper.cli.progress import Console
    from temper.cli.suite_summary import print_suites
    from temper.cli.summary import exit_if_partial
    from temper.config import SuiteRun, parse_sections
    from temper.run_folder import run_path

    raw: dict[str, Any] = {
        "run": {"seed": seed},
        "target": {"name": target, "threads": threads},
        "budget": given_caps(max_queries, max_tokens, max_cost, max_minutes),
        "problems": {"frame": frame} | ({"digits": digits} if digits else {}),
        "suite": {"items": items} | ({"suites": suite} if suite else {}),
        "overload": {"copies": copies, "problems": problems}
        | ({"fillers": filler} if filler else {}),
    }
    config = parse_sections(raw, SuiteRun)
    with Console() as console:
        outcome = run_suites(config, run_path(out or f"suite-{Path(target).name}"), console)
    if as_json:
        typer.echo(json.dumps(outcome.results, indent=1))
    else:
        print_suites(outcome.folder, outcome.results)
    exit_if_partial(outcome.results)
