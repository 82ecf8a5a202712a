"""A run is one folder: config, database, results, report; one process works in it at a time."""

import json
import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, cast

from temper.errors import ArtifactError, LockedError, Stopped, StoreError

DATABASE, RESULTS, REPORT, CONFIG, LOCK = (
    "run.sqlite",
    "results.json",
    "report.html",
    "config.toml",
    "run.lock",
)


class Outcome(NamedTuple):
    """Where a finished run is, and its results.json as an object."""

    folder: Path
    results: dict[str, Any]

    def whole(self) -> "Outcome":
        """Itself, where it came to its end: nothing is built upon half a run.

        Raises:
            Stopped: it did not.
        """
        if "partial" in self.results:
            raise Stopped(f"{self.results['partial']['reason']} ({self.folder})")
        return self


def run_path(name: str | Path) -> Path:
    """A run by its folder, or by its name under runs/; "./name" is a folder."""
    path = Path(name).expanduser()
    if path.exists() or path.is_absolute() or "/" in str(name) or os.sep in str(name):
        return path
    return Path("runs") / path


def existing_run(name: str | Path) -> Path:
    """The folder of a run that has a database.

    Raises:
        ArtifactError: there is none.
    """
    path = run_path(name)
    if not (path / DATABASE).exists():
        raise ArtifactError(
            f"{path} is no run folder (no {DATABASE}): start one with `temper attack`"
        )
    return path


def finished_results(folder: Path) -> dict[str, Any]:
    """The object of a run's results.json.

    Raises:
        ArtifactError: the run is not finished, or the file is damaged.
    """
    if not folder.is_dir():
        raise ArtifactError(f"{folder} is no run folder: start one with `temper attack`")
    try:
        results = json.loads((folder / RESULTS).read_text("utf-8"))
    except FileNotFoundError as error:
        raise ArtifactError(
            f"{folder} is not finished (no {RESULTS}): run its command again first"
        ) from error
    except (OSError, ValueError) as error:
        raise ArtifactError(f"{folder / RESULTS} cannot be read: {error}") from error
    if not isinstance(results, dict):
        raise ArtifactError(f"{folder / RESULTS} cannot be read: it holds no JSON object")
    return cast("dict[str, Any]", results)


@contextmanager
def locked(folder: Path) -> Generator[None]:
    """Hold the folder for this process; a lock whose process is gone is broken.

    Raises:
        LockedError: another live process works here.
        StoreError: the folder cannot be made.
    """
    from filelock import SoftFileLock, Timeout

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"{folder} cannot be made: {error.strerror}. Choose another --out"
        ) from error
    lock = SoftFileLock(folder / LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise LockedError(
            f"another temper works in {folder}: wait for it, or choose another --out"
            f" (if it runs on a host that is gone, delete {folder / LOCK})"
        ) from error
    except OSError as error:
        raise StoreError(
            f"{folder} cannot be written: {error.strerror}. Choose another --out"
        ) from error
    try:
        yield
    finally:
        lock.release()


def write_whole(path: Path, text: str) -> None:
    """Write a file so that readers see the old one or the new one, never half of either."""
    try:
        handle, partial = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as stream:
            stream.write(text)
        os.chmod(partial, 0o644)
        os.replace(partial, path)
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror}") from error
