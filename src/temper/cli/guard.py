"""`temper guard`: a learned measure as a filter."""

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer


def guard(
    measure: Annotated[
        str, typer.Argument(help="A run of `temper establish`, or the folder of a measure.")
    ],
    text: Annotated[str, typer.Option(help="The column that holds the text.")] = "text",
    keep: Annotated[
        Literal["all", "safe", "hit", "unknown"],
        typer.Option(help="Which lines come out: all, scored, or those of one outcome."),
    ] = "all",
    threshold: Annotated[
        float | None,
        typer.Option(min=0, max=1, help="P(failure) of a hit.", show_default="the measure's"),
    ] = None,
    model: Annotated[
        Path | None,
        typer.Option(help="Where the model is that the measure judges by, if it was moved."),
    ] = None,
) -> None:
    """Score and filter a stream: JSON lines in, JSON lines out with p_failure, outcome and label.

    Reads standard input, also a training corpus: temper guard RUN --keep safe < in.jsonl >
    out.jsonl. A count of every outcome goes to standard error.
    """
    from collections import Counter
    from dataclasses import replace

    from temper.campaigns.guard import guard as run_guard
    from temper.campaigns.guard import guarded_line, open_measure, read_stream

    opened = open_measure(measure, str(model) if model else None)
    if threshold is not None:
        opened = replace(opened, threshold=threshold)
    counts: Counter[str] = Counter()
    for passed in run_guard(opened, read_stream(sys.stdin.buffer, text), text):
        counts[passed.judgement.outcome] += 1
        if keep in ("all", passed.judgement.outcome):
            typer.echo(guarded_line(passed))
    said = ", ".join(f"{name} {counts[name]}" for name in ("hit", "safe", "unknown"))
    typer.echo(f"{said} (measure {opened.name}, {opened.version})", err=True)
