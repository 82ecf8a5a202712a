"""`temper establish`: learn a measure from labels; `temper agreement`: compare annotators."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from temper.cli.caps import (
    JudgeQueries,
    MaxCost,
    MaxMinutes,
    MaxTokens,
    dotted_caps,
    given_caps,
)


def establish(
    run: Annotated[str, typer.Argument(help="Run folder with labels, or its name under runs/.")],
    target: Annotated[
        str | None,
        typer.Option(help="Try this model's hidden states too, layer by layer."),
    ] = None,
    encoder: Annotated[
        str | None, typer.Option(help="Try this encoder checkpoint's embeddings too.")
    ] = None,
    judge: Annotated[
        str | None,
        typer.Option(help="Try what this model says of a text too, when asked by a rubric."),
    ] = None,
    checkpoint: Annotated[
        str | None, typer.Option(help="Try fine-tuning this sequence classifier too.")
    ] = None,
    annotator: Annotated[
        list[str] | None, typer.Option(help="Whose labels count. Repeatable.", show_default="all")
    ] = None,
    combine: Annotated[
        str | None,
        typer.Option(help="Several labels to one: majority, paper, dawid-skene."),
    ] = None,
    start_from: Annotated[
        str | None, typer.Option(help="A run or measure whose judgement is one more feature.")
    ] = None,
    max_queries: JudgeQueries = None,
    max_tokens: MaxTokens = None,
    max_cost: MaxCost = None,
    max_minutes: MaxMinutes = None,
    config: Annotated[Path | None, typer.Option(help="A TOML file with these settings.")] = None,
    setting: Annotated[
        list[str] | None,
        typer.Option("--set", help="One setting, e.g. establish.members=8. Repeatable."),
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Decides every random choice.")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print results.json instead of a summary.")
    ] = False,
) -> None:
    """Learn a measure from labels: text to calibrated P(failure), with everything it is worth.

    Writes the measure (no pickle), results.json and a self-contained report.html into the run
    folder. Labels come from `temper label` and `temper label-with`; `temper guard` puts the
    measure to work.
    """
    from temper.campaigns.establish import establish as run_establish
    from temper.cli.progress import Console
    from temper.cli.summary import print_measure
    from temper.config import load_establish, parse_setting
    from temper.run_folder import existing_run

    overrides: dict[str, Any] = dict(parse_setting(text) for text in setting or [])
    given = {
        "target.name": target,
        "establish.encoder": encoder,
        "establish.judge": judge,
        "establish.checkpoint": checkpoint,
        "establish.annotators": annotator or None,
        "establish.combine": combine,
        "establish.start_from": start_from,
        "run.seed": seed,
    }
    overrides |= {key: value for key, value in given.items() if value is not None}
    overrides |= dotted_caps(given_caps(max_queries, max_tokens, max_cost, max_minutes))
    settings = load_establish(config, overrides)
    with Console() as console:
        outcome = run_establish(settings, existing_run(run), reporter=console)
    if as_json:
        typer.echo(json.dumps(outcome.results, indent=1))
    else:
        print_measure(outcome.folder, outcome.results)


def agreement(
    run: Annotated[str, typer.Argument(help="Run folder with labels, or its name under runs/.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print an object.")] = False,
) -> None:
    """How far a run's annotators agree: Krippendorff's alpha with its interval."""
    from collections import Counter

    from temper.campaigns.labelling import run_agreement

    found, guideline, labels = run_agreement(run)
    who = Counter(label.annotator for label in labels)
    if as_json:
        typer.echo(json.dumps({**found._asdict(), "annotators": who}, indent=1))
        return
    low, high = found.interval or (float("nan"), float("nan"))
    level = "ordinal" if guideline.kind == "ordinal" else "nominal"
    typer.echo(
        f"Krippendorff's alpha ({level}) {found.value:.3f} [{low:.3f}, {high:.3f}];"
        f" {found.items} items with two labels or more"
    )
    for name, count in who.most_common():
        typer.echo(f"  {name:<28}{count:>7} labels")
