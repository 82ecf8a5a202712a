"""`temper replay`: put the attacks of finished runs to other models."""

import json
from pathlib import Path
from typing import Annotated

import typer

from temper.cli.caps import MaxCost, MaxMinutes, MaxQueries, MaxTokens, given_caps


def replay(
    runs: Annotated[list[str], typer.Argument(help="Run folders, or names under runs/.")],
    on: Annotated[
        list[str], typer.Option("--on", help="A shipped model, a checkpoint or a URL. Repeatable.")
    ],
    max_attacks: Annotated[
        int, typer.Option(min=1, help="Attacks of a run; from more, drawn at random.")
    ] = 100,
    measure: Annotated[
        list[str] | None,
        typer.Option(help="A run or measure that judges too; on a concern. Repeatable."),
    ] = None,
    draws: Annotated[
        int, typer.Option(min=1, help="Responses drawn for each attack; on a concern.")
    ] = 5,
    problems: Annotated[
        int, typer.Option(min=2, help="Unseen problems for each attack; on sums.")
    ] = 40,
    digits: Annotated[
        list[int] | None,
        typer.Option(help="Problem sizes; on sums. Repeatable.", show_default="1 2"),
    ] = None,
    max_queries: MaxQueries = None,
    max_tokens: MaxTokens = None,
    max_cost: MaxCost = None,
    max_minutes: MaxMinutes = None,
    out: Annotated[
        str | None,
        typer.Option(help="Run folder, or a name under runs/.", show_default="runs/replay-RUN"),
    ] = None,
    seed: Annotated[int, typer.Option(help="Decides problems and sampling.")] = 0,
    threads: Annotated[int | None, typer.Option(help="torch threads.")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print results.json instead of a summary.")
    ] = False,
) -> None:
    """Do attacks found on one model work on others? The same command continues.

    On sums, every accepted attack of the runs meets the same unseen problems on every model. On a
    concern (runs of `temper run` with a section exploit), every model answers the prompts that led
    to a failure anew, and the runs' measures, those of --measure and, where it is known, the exact
    truth judge.
    """
    from temper.campaigns.replaying import replay_runs
    from temper.cli.progress import Console
    from temper.cli.replay_summary import print_replayed
    from temper.cli.summary import exit_if_partial
    from temper.config import parse_replay
    from temper.run_folder import run_path

    config = parse_replay(
        {
            "run": {"seed": seed},
            "budget": given_caps(max_queries, max_tokens, max_cost, max_minutes),
            "problems": {"digits": digits} if digits else {},
            "replay": {
                "runs": runs,
                "max_attacks": max_attacks,
                "problems": problems,
                "draws": draws,
                "measures": measure or [],
            },
            "targets": [{"name": name, "threads": threads} for name in on],
        }
    )
    with Console() as console:
        folder = run_path(out or f"replay-{Path(runs[0]).name}")
        outcome = replay_runs(config, folder, console)
    if as_json:
        typer.echo(json.dumps(outcome.results, indent=1))
    else:
        print_replayed(outcome.folder, outcome.results)
    exit_if_partial(outcome.results)
