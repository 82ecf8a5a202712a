"""`temper target`: what a model can do, and a small server to try endpoints with."""

import contextlib
import os
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="What a model can do, before it is tested.")


@app.callback()
def _group() -> None:
    pass


@app.command()
def check(
    path: Annotated[
        str | None,
        typer.Argument(help="A shipped model, a checkpoint folder, or the URL of a server."),
    ] = None,
    config: Annotated[
        Path | None, typer.Option(help="A TOML file with a section target, e.g. an application.")
    ] = None,
    model: Annotated[str | None, typer.Option(help="Which of a server's models.")] = None,
    device: Annotated[str | None, typer.Option(help="A torch device.", show_default="auto")] = None,
    key_variable: Annotated[
        str | None,
        typer.Option(help="Environment variable with the key.", show_default="OPENAI_API_KEY"),
    ] = None,
) -> None:
    """Say what a target can do, or in one line what is wrong with it (exit code 2).

    Of a server it also shows, row by row, what it does otherwise than asked.
    """
    from temper.cli import one_line
    from temper.config import load_target
    from temper.errors import ConfigError
    from temper.targets.check import check_target

    if path is None and config is None:
        raise ConfigError("name a model, or a file with --config")
    given = {"name": path, "model": model, "device": device, "key_variable": key_variable}
    named = {key: value for key, value in given.items() if value is not None}
    for line in check_target(load_target(config, named)):
        typer.echo(one_line(line))


@app.command()
def serve(
    path: Annotated[str, typer.Argument(help="A shipped model or a checkpoint folder.")],
    host: Annotated[str, typer.Option(help="Where to listen.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 8000,
    device: Annotated[str, typer.Option(help="A torch device.")] = "auto",
    threads: Annotated[int | None, typer.Option(min=1, help="torch threads.")] = None,
    key_variable: Annotated[
        str | None, typer.Option(help="Environment variable with the key that callers must show.")
    ] = None,
) -> None:
    """Serve a local checkpoint at an OpenAI-compatible address, to try endpoints offline.

    Chat and completions, log-probabilities with echo, n, stop, seeds, lists of prompts. For
    trying things out: a production server is vLLM's or llama.cpp's.
    """
    from temper.config import TargetConfig
    from temper.errors import TargetError
    from temper.serving.app import serve as serve_target
    from temper.targets.endpoint.keys import read_key
    from temper.targets.huggingface import HuggingFaceTarget
    from temper.targets.registry import open_target

    target = open_target(TargetConfig(name=path, device=device, threads=threads))
    if not isinstance(target, HuggingFaceTarget):
        raise TargetError(f"{path} is no local checkpoint: only those can be served")
    key = read_key(key_variable, "--key-variable", os.environ) if key_variable else None

    def announce(url: str) -> None:
        typer.echo(f"{target.name} at {url} (Ctrl-C stops it)")

    with contextlib.suppress(KeyboardInterrupt):  # the way to end it
        serve_target(target, host, port, key, announce)
