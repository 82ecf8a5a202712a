"""`temper label` without its page: people forgotten or invited, labels in and out."""

import time
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from temper.label.tables import LabelStore
    from temper.records import Guideline


def forget_person(folder: Path, name: str) -> None:
    """Remove a person with all that they did."""
    from temper.errors import ConfigError
    from temper.label.opening import open_store
    from temper.label.people import forget

    with open_store(folder) as store:
        known = {row["name"] for row in store.find("SELECT name FROM annotators")}
        known |= {row["annotator"] for row in store.find("SELECT DISTINCT annotator FROM labels")}
        if name not in known:
            raise ConfigError(f"nobody called {name!r} labelled here: {', '.join(sorted(known))}")
        gone = forget(store, name)
    typer.echo(
        f"{name} is forgotten, with {gone} labels. Files made before (exports, results.json,"
        " report.html, a measure) are as they were: make them anew"
    )


def invite_person(folder: Path, name: str) -> None:
    """Print a link of their own for a person."""
    from temper.errors import ConfigError
    from temper.label.opening import open_store
    from temper.label.people import cleaned, invite

    if cleaned(name) != name or not name:
        raise ConfigError(f"{name!r}: a name is one line of at most 40 visible characters")
    with open_store(folder) as store:
        typer.echo(f"/enter?token={invite(store, name, time.time())}")


def exchange(
    store: "LabelStore",
    guideline: "Guideline",
    take: Path | None,
    export: Path | None,
    file_format: str | None,
    renamed: list[str] | None,
) -> None:
    """Labels out of a file, or into one."""
    from temper.cli.label_options import pair_of
    from temper.label.formats import export_labels, read_labels

    if take is not None:
        pairs = dict(pair_of(pair, "--map VALUE=LABEL") for pair in renamed or [])
        found = read_labels(take, file_format, guideline, pairs)
        typer.echo(f"{len(found)} labels, {store.add_labels(found)} of them new")
    if export is not None:
        written = export_labels(store, guideline, export, file_format)
        typer.echo(f"{export}: {written.labels} labels")
        if written.replaced:
            typer.echo(
                f"{written.replaced} of them have characters that this format cannot hold,"
                " replaced by U+FFFD; JSON lines (.jsonl) keep them"
            )
