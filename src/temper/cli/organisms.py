"""`temper organisms`: the models that come with temper, how they were built, what they can do."""

import json
import os
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    no_args_is_help=True,
    help="The models that come with temper: built with known weaknesses, to try red teaming on.",
)


@app.command(name="list")
def list_models(
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list.")] = False,
) -> None:
    """List the models, their sizes, and whether they came with this copy of temper."""
    from temper.organisms.catalogue import models

    rows = models()
    if as_json:
        typer.echo(json.dumps([row.to_json() for row in rows], indent=1))
        return
    for row in rows:
        size = f"{row.parameters / 1e6:.2f} M" if row.parameters else "not here"
        typer.echo(f"{row.name:<13}{size:>9}{row.context:>6,} tokens  {row.about}")


@app.command()
def build(
    name: Annotated[str, typer.Argument(help="A model of `temper organisms list`.")],
    out: Annotated[
        Path | None, typer.Option(help="Folder for the checkpoint.", show_default="./NAME")
    ] = None,
    processes: Annotated[
        int | None,
        typer.Option(min=1, help="Processes that train together.", show_default="one a core"),
    ] = None,
) -> None:
    """Build a model anew from its recipe; stopped, the same command goes on."""
    from temper.organisms.build import build_model
    from temper.organisms.catalogue import write_card

    folder = out or Path(name)
    cores = min(4, os.cpu_count() or 1)
    build_model(name, folder, lambda line: typer.echo(line, err=True), processes=processes or cores)
    write_card(name, folder, [])
    typer.echo(f"wrote {folder}; check it with: temper organisms check {name} --path {folder}")


@app.command()
def check(
    name: Annotated[str, typer.Argument(help="A model of `temper organisms list`.")],
    path: Annotated[
        Path | None, typer.Option(help="Check this checkpoint instead of the shipped one.")
    ] = None,
    n: Annotated[int, typer.Option(min=1, help="Cases a figure.")] = 500,
    seed: Annotated[int, typer.Option(help="Decides cases and sampling.")] = 0,
    out: Annotated[
        str | None,
        typer.Option(help="Folder for results.json.", show_default="runs/organism-NAME"),
    ] = None,
    card: Annotated[
        bool, typer.Option("--card", help="Write the figures into the model's card.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print results.json instead of lines.")
    ] = False,
) -> None:
    """Measure every skill and every planted weakness of a model; figures off plan are marked."""
    from temper.config import TargetConfig
    from temper.organisms.catalogue import write_card
    from temper.organisms.check import check_model, in_words
    from temper.run_folder import RESULTS, run_path, write_whole
    from temper.targets.registry import shipped_models

    target = TargetConfig(name=str(path) if path else name)
    results = check_model(
        name, target, n=n, seed=seed, report=lambda rate: typer.echo(in_words(rate), err=as_json)
    )
    folder = run_path(out or f"organism-{path.name if path else name}")
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / RESULTS, json.dumps(results, indent=1) + "\n")
    if card:
        write_card(name, path or shipped_models()[name], results["figures"])
    typer.echo(json.dumps(results, indent=1) if as_json else f"figures {folder / RESULTS}")
