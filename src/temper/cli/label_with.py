"""`temper label-with`: labels from other sources than people."""

from pathlib import Path
from typing import Annotated

import typer

from temper.cli.label_judge import judge
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

app.command()(judge)
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
    name: Annotated[
        str, typer.Argument(help="almanac/truth, almanac/rude, almanac/stance or almanac/content.")
    ],
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
