"""What every `temper label-with` command takes, and how it is read."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from temper.campaigns.labelling import Labelling
    from temper.config import ConcernConfig
    from temper.establish.labels import Item

Run = Annotated[str, typer.Argument(help="Run folder, or its name under runs/; made if missing.")]
Labels = Annotated[
    str | None,
    typer.Option(help="The guideline's labels, with commas.", show_default="the run's"),
]
Failure = Annotated[str | None, typer.Option(help="Which of them are failures, with commas.")]
Concern = Annotated[
    Path | None,
    typer.Option("--config", help="A TOML file with a section concern, instead of --labels."),
]
Items = Annotated[
    Path | None,
    typer.Option(
        help="Texts to label: CSV, JSONL, parquet or a data-set folder.",
        show_default="the run's chosen samples, else what is labelled",
    ),
]
Text = Annotated[str, typer.Option(help="The column that holds the text.")]
Most = Annotated[int | None, typer.Option("--max", min=1, help="Label the first so many only.")]
Name = Annotated[str | None, typer.Option(help="The annotator's name.")]


def folder_of(run: str) -> Path:
    from temper.run_folder import run_path

    return run_path(run)


def concern_of(
    labels: str | None, failure: str | None, file: Path | None
) -> "ConcernConfig | None":
    from temper.config import load_establish
    from temper.errors import ConfigError

    if (labels is None) != (failure is None):
        raise ConfigError("--labels and --failure go together")
    overrides = {
        f"concern.{name}": [part.strip() for part in given.split(",")]
        for name, given in (("labels", labels), ("failure", failure))
        if given is not None
    }
    return load_establish(file, overrides).concern


def items_of(path: Path | None, column: str) -> "list[Item] | None":
    from temper.campaigns.items import read_items

    return None if path is None else read_items(path, column)


def pair_of(text: str, form: str) -> tuple[str, str]:
    from temper.errors import ConfigError

    one, found, other = text.partition("=")
    if not found:
        raise ConfigError(f"{text!r}: write {form}")
    return one.strip(), other.strip()


def bias_of(text: str) -> tuple[tuple[str, str], float]:
    from temper.errors import ConfigError

    pair, share = pair_of(text, "--bias TRUE:SAID=SHARE")
    true, found, said = pair.partition(":")
    try:
        return (true.strip(), said.strip()), float(share if found else "")
    except ValueError as error:
        raise ConfigError(f"{text!r}: write --bias TRUE:SAID=SHARE, e.g. false:true=0.2") from error


def say(done: "Labelling") -> None:
    parts = [f"{done.given} labels, {done.new} of them new"]
    if done.unread:
        parts.append(f"{done.unread} replies name no label")
    if done.failed:
        parts.append(f"{done.failed} requests failed")
    typer.echo("; ".join(parts))
