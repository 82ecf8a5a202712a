"""An environment for each tool, made once, in a folder outside the project."""

import os
import subprocess
import sys
import venv
from pathlib import Path

from .tool import Tool

SECONDS = 1_500


class CannotInstall(Exception):
    """A tool is not to be had here; the message is the installer's last word."""


def prepare(tool: Tool, folder: Path) -> Path:
    """The folder of the tool's environment, made if it is not there with these very packages.

    Raises:
        CannotInstall: the installer failed.
    """
    home = folder / tool.name.partition(" ")[0]
    if tool.source == "here":
        return Path(sys.prefix)
    wanted, mark = "\n".join(tool.packages), home / "installed.txt"
    if mark.is_file() and mark.read_text() == wanted:
        return home
    home.mkdir(parents=True, exist_ok=True)
    for command in _commands(tool, home):
        try:
            done = subprocess.run(
                command,
                cwd=home,
                env={**os.environ, "PATH": f"{home / 'node_modules/.bin'}:{os.environ['PATH']}"},
                capture_output=True,
                text=True,
                timeout=SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise CannotInstall(str(error)) from error
        if done.returncode:
            lines = [line for line in (done.stderr or done.stdout).splitlines() if line.strip()]
            raise CannotInstall(lines[-1] if lines else f"exit status {done.returncode}")
    mark.write_text(wanted)
    return home


def _commands(tool: Tool, home: Path) -> list[list[str]]:
    """What a tool needs is resolved by uv: pip went through old versions for garak without end."""
    if tool.source == "npm":  # the last one first: what is compiled is compiled for that node
        return [["npm", "install", "--no-audit", one] for one in reversed(tool.packages)]
    venv.create(home, with_pip=True)
    python = str(home / "bin/python")
    return [
        [python, "-m", "pip", "install", "--quiet", "uv"],
        [str(home / "bin/uv"), "pip", "install", "--quiet", "--python", python, *tool.packages],
    ]
