"""`temper ladder`: every mitigation that needs no training, attacked and used."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from temper.cli.caps import MaxCost, MaxMinutes, MaxQueries, MaxTokens, given_caps


def ladder(
    target: Annotated[str, typer.Option(help="A shipped model or a checkpoint.")] = "abacus-s",
    red: Annotated[
        str | None,
        typer.Option(help="The model that writes attacks.", show_default="the target itself"),
    ] = None,
    reviser: Annotated[
        str | None,
        typer.Option(help="The model that revises and grades.", show_default="the target itself"),
    ] = None,
    rung: Annotated[
        list[str] | None,
        typer.Option(
            help="One rung: none, prompt, revise1, revise2, ground, abstain, guard. Repeatable.",
            show_default="all",
        ),
    ] = None,
    queries: Annotated[int, typer.Option(min=1, help="Of the fresh search at each rung.")] = 1_000,
    attacks: Annotated[int, typer.Option(min=1, help="Attacks measured of each search.")] = 20,
    problems: Annotated[int, typer.Option(min=2, help="Unseen problems for each attack.")] = 20,
    items: Annotated[int, typer.Option(min=5, help="Prompts of each suite.")] = 200,
    concern: Annotated[str, typer.Option(help="arithmetic, or almanac: claims.")] = "arithmetic",
    constitution: Annotated[
        str | None,
        typer.Option(
            help="Of the reviser: arithmetic, truthfulness, …, or a text file.",
            show_default="arithmetic; on claims truthfulness",
        ),
    ] = None,
    adaptive: Annotated[
        bool, typer.Option(help="Also search with texts that speak to the reviser.")
    ] = True,
    max_queries: MaxQueries = None,
    max_tokens: MaxTokens = None,
    max_cost: MaxCost = None,
    max_minutes: MaxMinutes = None,
    out: Annotated[
        str | None,
        typer.Option(
            help="Run folder, or a name under runs/.", show_default="runs/ladder-TARGET-SEED"
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Decides every random choice.")] = 0,
    threads: Annotated[int | None, typer.Option(help="torch threads.")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print results.json instead of a summary.")
    ] = False,
) -> None:
    """Attack a model behind each mitigation: same attacks, fresh ones, strange ones; and use it.

    Nothing is trained. The same command continues; rungs may be added.
    """
    from temper.campaigns.ladder import run_ladder
    from temper.cli.ladder_summary import print_ladder
    from temper.cli.progress import Console
    from temper.cli.summary import exit_if_partial
    from temper.config import LadderRun, parse_sections
    from temper.run_folder import run_path

    raw: dict[str, Any] = {
        "run": {"seed": seed},
        "target": {"name": target, "threads": threads},
        "budget": given_caps(max_queries, max_tokens, max_cost, max_minutes),
        "ladder": {
            "concern": concern,
            "queries": queries,
            "attacks": attacks,
            "problems": problems,
            "items": items,
            "constitution": constitution,
            "adaptive": adaptive,
        }
        | ({"rungs": rung} if rung else {}),
    }
    for role, name in (("red", red), ("reviser", reviser)):
        if name is not None:
            raw[role] = {"name": name, "threads": threads}
    config = parse_sections(raw, LadderRun)
    with Console() as console:
        folder = run_path(out or f"ladder-{Path(target).name}-{seed}")
        outcome = run_ladder(config, folder, console)
    if as_json:
        typer.echo(json.dumps(outcome.results, indent=1))
    else:
        print_ladder(outcome.folder, outcome.results)
    exit_if_partial(outcome.results)
