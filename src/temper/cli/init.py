"""`temper init`: write the settings of a run, each with a word on what it does."""

from pathlib import Path
from typing import Annotated

import typer


def init(
    file: Annotated[Path, typer.Argument(help="The TOML file to write.")],
    target: Annotated[
        str | None, typer.Option(help="A shipped model or a checkpoint folder.")
    ] = None,
    concern: Annotated[
        str | None, typer.Option(help="What you worry about, in a sentence.")
    ] = None,
    labels: Annotated[
        str | None, typer.Option(help="The labels, with commas.", show_default="failure,fine")
    ] = None,
    failure: Annotated[
        str | None,
        typer.Option(help="Which of them are failures.", show_default="the first"),
    ] = None,
    judge: Annotated[
        str | None, typer.Option(help="A model that labels.", show_default="people label")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over an existing file.")] = False,
) -> None:
    """Write a commented TOML file that `temper run` takes as it is; asks for what is not given.

    Test only models that you may test; hosted services have terms.
    """
    from temper.campaigns.first_settings import first_settings
    from temper.errors import ConfigError

    if file.exists() and not force:
        raise ConfigError(f"{file} exists already: name another file, or add --force")
    model = target or str(typer.prompt("The model to test (a shipped model or a folder)"))
    worry = concern or str(typer.prompt("What you worry about, in a sentence"))
    names = [part.strip() for part in (labels or "failure,fine").split(",")]
    failing = [part.strip() for part in failure.split(",")] if failure else names[:1]
    text = first_settings(model, worry, names, failing, judge)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    typer.echo(f"wrote {file}; next: temper run {file}")
