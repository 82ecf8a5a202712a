"""The command line: parses and prints, never works.

Exit codes: 0 done; 1 a defect of temper; 2 the user or the target must change something; 3 stopped
early; 100 a gate failed.
"""

import os
import sys
from typing import Annotated

import typer

from temper import __version__
from temper.cli import (
    attack,
    compare,
    demo,
    establish,
    explore,
    export,
    guard,
    harden,
    init,
    label,
    label_with,
    ladder,
    organisms,
    rate,
    replay,
    report,
    run,
    suite,
    target,
)
from temper.errors import Stopped, TemperError

INTERRUPTED = 130
"""What typer makes of Ctrl-C."""

app = typer.Typer(
    name="temper",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Find where a language model breaks, prove it with honest numbers, and harden it."
    " Test only models that you may test.",
)
app.add_typer(attack.app, name="attack")
app.add_typer(suite.app, name="suite")
app.add_typer(target.app, name="target")
app.add_typer(organisms.app, name="organisms")
app.command(name="demo")(demo.demo)
app.command(name="explore")(explore.explore)
app.command(name="label")(label.label)
app.add_typer(label_with.app, name="label-with")
app.command(name="agreement")(establish.agreement)
app.command(name="establish")(establish.establish)
app.command(name="guard")(guard.guard)
app.command(name="export")(export.export)
app.command(name="init")(init.init)
app.command(name="run")(run.run)
app.command(name="harden")(harden.harden)
app.command(name="ladder")(ladder.ladder)
app.command(name="replay")(replay.replay)
app.command(name="rate")(rate.rate)
app.command(name="compare")(compare.compare)
app.command(name="report")(report.report)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"temper {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run the command and turn what went wrong into one line and an exit code."""
    # Models are local files; the libraries must not look for a hub unless a user says so.
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        app()
    except TemperError as error:
        typer.echo(f"temper: {one_line(str(error))}", err=True)
        sys.exit(2)
    except Stopped as stop:
        typer.echo(
            f"temper: stopped, because {one_line(str(stop))}. What was answered is kept: run the"
            " same command to go on",
            err=True,
        )
        sys.exit(3)
    except SystemExit as exit:
        if exit.code != INTERRUPTED:
            raise
        typer.echo(
            "temper: stopped. What was answered is kept: run the same command to go on", err=True
        )
        sys.exit(3)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)


def one_line(text: str) -> str:
    """Strip what could move the cursor or colour a terminal; messages may quote a target."""
    return "".join(c if c.isprintable() else " " for c in text)
