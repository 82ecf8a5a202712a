"""`temper label-with`: labels from other sources than people."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from temper.cli.label_options import (
    Concern,
    Failure,
    Items,
    Labels,
    Most,
    Name,
    Run,
    Text,
    bias_of,
    concern_of,
    folder_of,
    items_of,
    pair_of,
    say,
)
from temper.cli.label_words import words

app = typer.Typer(
    no_args_is_help=True,
    help="Label with data sets, judges, classifiers, rules and oracles. Each annotator's labels are"
    " kept apart, under the guideline's version; what was labelled before costs nothing again.",
)

app.command()(words)


@app.command()
def file(
    run: Run,
    table: Annotated[Path, typer.Argument(help="CSV, JSONL, parquet or a data-set folder.")],
    text: Text = "text",
    label: Annotated[str, typer.Option(help="The column that holds the label.")] = "label",
    annotator_column: Annotated[
        str | None, typer.Option(help="The column that names the annotator.")
    ] = None,
    renamed: Annotated[
        list[str] | None,
        typer.Option("--map", help="VALUE=LABEL for a value that is named otherwise. Repeatable."),
    ] = None,
    labels: Labels = None,
    failure: Failure = None,
    config: Concern = None,
    annotator: Annotated[
        str | None, typer.Option(help="The annotator's name.", show_default="the file's name")
    ] = None,
) -> None:
    """Take over the labels of a table, e.g. CommonClaim or CREAK as they were published."""
    from temper.campaigns.given_labels import Columns, label_from_file

    done = label_from_file(
        folder_of(run),
        concern_of(labels, failure, config),
        table,
        Columns(text, label, annotator_column),
        dict(pair_of(pair, "--map VALUE=LABEL") for pair in renamed or []),
        annotator,
    )
    say(done)


@app.command()
def oracle(
    run: Run,
    name: Annotated[str, typer.Argument(help="almanac/truth or almanac/rude.")],
    items: Items = None,
    text: Text = "text",
    noise: Annotated[float, typer.Option(min=0, max=1, help="Share of wrong labels.")] = 0.0,
    bias: Annotated[
        list[str] | None,
        typer.Option(help="TRUE:SAID=SHARE of one label called another. Repeatable."),
    ] = None,
    seconds: Annotated[
        float | None, typer.Option(min=0, help="Median time for an item, as a person would need.")
    ] = None,
    most: Most = None,
    seed: Annotated[int, typer.Option(help="Decides which labels are wrong.")] = 0,
    labels: Labels = None,
    failure: Failure = None,
    config: Concern = None,
    annotator: Name = None,
) -> None:
    """Label by an exact truth, or simulate an annotator who knows it and errs as told."""
    from temper.campaigns.labelling import label_by_oracle
    from temper.establish.annotators import SimulatedAnnotator, find_oracle

    shares = dict(bias_of(one) for one in bias or [])
    simulated = bool(noise or shares or seconds)
    done = label_by_oracle(
        folder_of(run),
        concern_of(labels, failure, config),
        lambda guideline: SimulatedAnnotator(
            oracle=find_oracle(name, guideline),
            name=annotator or (f"simulated {seed}" if simulated else name),
            noise=noise,
            bias=shares,
            seconds=seconds,
            seed=seed,
        ),
        items_of(items, text),
        most,
    )
    say(done)


@app.command()
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
    labels: Labels = None,
    failure: Failure = None,
    config: Concern = None,
    annotator: Name = None,
) -> None:
    """Ask a model for each label; a reply that cannot be read is no label, and counted."""
    from temper.campaigns.labelling import label_by_judge, read_rubric
    from temper.cli.progress import Console
    from temper.config import TargetConfig
    from temper.establish.judge import Rubric

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
        )
    say(done)


@app.command()
def classifier(
    run: Run,
    checkpoint: Annotated[Path, typer.Argument(help="A sequence classifier's folder.")],
    classes: Annotated[
        list[str], typer.Option("--class", help="Its class that counts. Repeatable: summed.")
    ],
    then: Annotated[str, typer.Option(help="The label from the threshold on.")],
    otherwise: Annotated[str, typer.Option("--else", help="The label below it.")],
    threshold: Annotated[float, typer.Option(min=0, max=1, help="Of the probability.")] = 0.5,
    items: Items = None,
    text: Text = "text",
    most: Most = None,
    labels: Labels = None,
    failure: Failure = None,
    config: Concern = None,
    annotator: Name = None,
) -> None:
    """Label by any Hugging Face sequence classifier in a local folder, safetensors only."""
    from temper.campaigns.labelling import label_by_classifier
    from temper.establish.annotators import ThresholdAnnotator

    done = label_by_classifier(
        folder_of(run),
        concern_of(labels, failure, config),
        checkpoint,
        classes,
        ThresholdAnnotator(
            name=annotator or checkpoint.resolve().name,
            threshold=threshold,
            at_or_above=then,
            below=otherwise,
        ),
        items_of(items, text),
        most,
    )
    say(done)
