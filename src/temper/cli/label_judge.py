"""`temper label-with judge`."""

from typing import Annotated, Literal

import typer

from temper.cli.caps import JudgeQueries, MaxCost, MaxMinutes, MaxTokens, given_caps
from temper.cli.label_options import (
    Concern,
    Failure,
    Items,
    Labels,
    Most,
    Name,
    Run,
    Text,
    concern_of,
    folder_of,
    items_of,
    pair_of,
    say,
)


def judge(
    run: Run,
    target: Annotated[str, typer.Argument(help="The model that judges.")],
    rubric: Annotated[
        str,
        typer.Option(help="A text file with the slot {statement}, or a shipped one: judge_truth."),
    ] = "judge_truth",
    reading: Annotated[
        Literal["parsed", "weighed"],
        typer.Option(help="The reply's last label, or the label of highest probability."),
    ] = "parsed",
    words: Annotated[
        list[str] | None,
        typer.Option("--word", help="WORD=LABEL of a reply. Repeatable.", show_default="labels"),
    ] = None,
    items: Items = None,
    text: Text = "text",
    most: Most = None,
    threads: Annotated[int | None, typer.Option(help="torch threads.")] = None,
    max_queries: JudgeQueries = None,
    max_tokens: MaxTokens = None,
    max_cost: MaxCost = None,
    max_minutes: MaxMinutes = None,
    labels: Labels = None,
    failure: Failure = None,
    config: Concern = None,
    annotator: Name = None,
) -> None:
    """Ask a model for each label; a reply that cannot be read is no label, and counted."""
    from temper.campaigns.judge_labels import label_by_judge, read_rubric
    from temper.cli.progress import Console
    from temper.config import BudgetConfig, TargetConfig, parse_sections
    from temper.establish.judge import Rubric

    given = given_caps(max_queries, max_tokens, max_cost, max_minutes)
    caps = parse_sections(given, BudgetConfig)
    wording = read_rubric(rubric)
    meant = dict(pair_of(pair, "--word WORD=LABEL") for pair in words or [])
    with Console() as console:
        done = label_by_judge(
            folder_of(run),
            concern_of(labels, failure, config),
            TargetConfig(name=target, threads=threads),
            lambda guideline: (
                Rubric(text=wording, words=meant, reading=reading)
                if meant
                else Rubric.of(wording, guideline, reading)
            ),
            items_of(items, text),
            most,
            annotator=annotator,
            reporter=console,
            caps=caps,
        )
    say(done)
