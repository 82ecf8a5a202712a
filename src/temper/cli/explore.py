"""`temper explore`: see what a model says before anybody judges it."""

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


def explore(
    target: Annotated[
        str | None,
        typer.Option(help="A shipped model or a checkpoint folder.", show_default="abacus-s"),
    ] = None,
    concern: Annotated[
        str | None, typer.Option(help="What you worry about, in a sentence; heads the page.")
    ] = None,
    draws: Annotated[
        int | None, typer.Option(help="Responses to draw.", show_default="2000")
    ] = None,
    prompts: Annotated[
        Path | None, typer.Option(help="Ask these: .txt (one a line), JSONL, CSV or parquet.")
    ] = None,
    openings: Annotated[
        Path | None, typer.Option(help="Let the target go on from these; files as for --prompts.")
    ] = None,
    column: Annotated[
        str | None, typer.Option(help="The column of a table.", show_default="text")
    ] = None,
    part: Annotated[
        str | None,
        typer.Option(help="What counts as a text: response, beginning, first, sentences."),
    ] = None,
    temperature: Annotated[
        float | None, typer.Option(help="Of the target.", show_default="the target's own")
    ] = None,
    rounds: Annotated[
        int | None, typer.Option(help="Later rounds start where little was seen.", show_default="1")
    ] = None,
    suspect: Annotated[
        str | None,
        typer.Option(help="A run with a measure: later rounds start where it suspects failures."),
    ] = None,
    like: Annotated[
        Path | None, typer.Option(help="Texts of the kind you care about: train a filter on them.")
    ] = None,
    embed: Annotated[
        str | None,
        typer.Option(help="Folder of an encoder.", show_default="the target's own states"),
    ] = None,
    clusters: Annotated[int | None, typer.Option(help="Groups.", show_default="20")] = None,
    kept: Annotated[
        int | None, typer.Option(help="Texts of the diverse subset.", show_default="200")
    ] = None,
    method: Annotated[
        str | None, typer.Option(help="How they are chosen: kmeans, farthest.")
    ] = None,
    max_queries: MaxQueries = None,
    max_tokens: MaxTokens = None,
    max_cost: MaxCost = None,
    max_minutes: MaxMinutes = None,
    config: Annotated[Path | None, typer.Option(help="A TOML file with these settings.")] = None,
    setting: Annotated[
        list[str] | None,
        typer.Option("--set", help="One setting, e.g. explore.top_k=50. Repeatable."),
    ] = None,
    out: Annotated[
        str | None,
        typer.Option(
            help="Run folder, or a name under runs/.", show_default="runs/explore-TARGET-SEED"
        ),
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Decides every random choice.")] = None,
    redo: Annotated[
        str | None, typer.Option(help="Forget this stage and what follows: draw, choose.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print results.json instead of a summary.")
    ] = False,
) -> None:
    """See what a model says: draw texts, throw out copies and fragments, choose few diverse ones.

    The same command again continues the run. Writes results.json and a self-contained report.html
    into the run folder; the texts stand in its database, table samples.
    """
    from temper.campaigns.explore import explore as run_explore
    from temper.cli.progress import Console
    from temper.cli.summary import exit_if_partial, print_explored
    from temper.config import load_explore, parse_setting
    from temper.errors import ConfigError
    from temper.run_folder import run_path

    if prompts and openings:
        raise ConfigError("--prompts and --openings: one of them")
    overrides: dict[str, Any] = dict(parse_setting(text) for text in setting or [])
    given = {
        "target.name": target,
        "concern.text": concern,
        "explore.draws": draws,
        "explore.source": "prompts" if prompts else "openings" if openings else None,
        "explore.file": _path(prompts or openings),
        "explore.column": column,
        "explore.part": part,
        "explore.temperature": temperature,
        "explore.rounds": rounds,
        "explore.suspect": suspect,
        "explore.like": _path(like),
        "explore.embed": embed,
        "explore.clusters": clusters,
        "explore.kept": kept,
        "explore.method": method,
        "run.seed": seed,
    }
    overrides |= {key: value for key, value in given.items() if value is not None}
    overrides |= dotted_caps(given_caps(max_queries, max_tokens, max_cost, max_minutes))
    settings = load_explore(config, overrides)
    name = out or f"explore-{Path(settings.target.name).name}-{settings.run.seed}"
    with Console() as console:
        outcome = run_explore(settings, run_path(name), redo=redo, reporter=console)
    if as_json:
        typer.echo(json.dumps(outcome.results, indent=1))
    else:
        print_explored(outcome.folder, outcome.results)
    exit_if_partial(outcome.results)


def _path(path: Path | None) -> str | None:
    return None if path is None else str(path)
