"""`temper harden`: train a model against a run's attacks, and measure what came of it."""

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


def harden(
    source: Annotated[
        str,
        typer.Argument(help="A run of `temper attack arithmetic`: folder, or name under runs/."),
    ],
    target: Annotated[
        str | None,
        typer.Option(help="The checkpoint to train.", show_default="the target of the run"),
    ] = None,
    method: Annotated[
        list[str] | None,
        typer.Option(
            help="sft, preference, rl (exact reward) or rl_ai (a model grades). Repeatable: one"
            " after the other.",
            show_default="sft",
        ),
    ] = None,
    grader: Annotated[
        str | None,
        typer.Option(help="The model that grades in rl_ai.", show_default="the target itself"),
    ] = None,
    data: Annotated[
        str,
        typer.Option(help="Texts to train on: found, plain, handwritten, random or opinions."),
    ] = "found",
    rounds: Annotated[
        int,
        typer.Option(min=1, help="Attack the result and harden again, up to so many rounds."),
    ] = 1,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="KEY=VALUE", help="Any setting, e.g. harden.rl.kl=0.05. Repeatable."
        ),
    ] = None,
    max_queries: MaxQueries = None,
    max_tokens: MaxTokens = None,
    max_cost: MaxCost = None,
    max_minutes: MaxMinutes = None,
    out: Annotated[
        str | None,
        typer.Option(
            help="Run folder, or a name under runs/.", show_default="runs/harden-TARGET-SEED"
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Decides every random choice.")] = 0,
    threads: Annotated[int | None, typer.Option(help="torch threads.")] = None,
    redo: Annotated[
        bool, typer.Option("--redo", help="Forget trainings and answers of earlier calls.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print results.json instead of a summary.")
    ] = False,
) -> None:
    """Train a checkpoint on a run's attacks with right answers, beside sums, copies and look-ups.

    Writes checkpoint/, the rows as finetune.jsonl, and a report: attacks trained on and held out,
    suites, use, and fresh searches against both sides. The same command again continues.
    """
    from temper.campaigns.hardening.run import run_harden
    from temper.cli.harden_summary import print_sides
    from temper.cli.progress import Console
    from temper.cli.summary import exit_if_partial
    from temper.config import load_harden, parse_setting
    from temper.run_folder import run_path

    given: dict[str, Any] = {"run.seed": seed, "source": source, "harden.data": data}
    given |= {"harden.rounds": rounds}
    given |= {"target.name": target} if target else {}
    given |= {"harden.methods": method} if method else {}
    given |= {"target.threads": threads} if threads else {}
    given |= {"harden.grader.name": grader} if grader else {}
    given |= dotted_caps(given_caps(max_queries, max_tokens, max_cost, max_minutes))
    config = load_harden(source, given | dict(map(parse_setting, settings or [])))
    with Console() as console:
        folder = run_path(out or f"harden-{Path(config.target.label).name}-{seed}")
        outcome = run_harden(config, folder, console, redo=redo)
    if as_json:
        typer.echo(json.dumps(outcome.results, indent=1))
    else:
        print_sides(outcome.folder, outcome.results)
        if outcome.results["hardened"] is not None:
            typer.echo(f"model   {outcome.folder / 'checkpoint'}")
    exit_if_partial(outcome.results)
