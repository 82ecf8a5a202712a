"""A run is one folder: config, database, results, report; one process works in it at a time."""

import json
import os
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from temper.errors import ArtifactError, ConfigError, LockedError, StoreError
from temper.store import Store

DATABASE, RESULTS, REPORT, CONFIG, LOCK = (
    "run.sqlite",
    "results.json",
    "report.html",
    "config.toml",
    "run.lock",
)


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


Inputs = Mapping[str, Mapping[str, Any]]


def refresh_stages(store: Store, wanted: Inputs, redo: str | None) -> None:
    """Hold the stages against those that ran here, and forget what is to be done again.

    Args:
        store: the run's database.
        wanted: for each stage in order, the settings that decide its result.
        redo: a stage ("search", "search/pirs", "measure"): its replies and those of what follows
            are forgotten.

    Raises:
        ConfigError: a setting changed under a stage that has run, and `redo` does not cover it; or
            `redo` names no stage.
    """
    names = list(wanted)
    first = len(names)
    if redo is not None:
        first = next((i for i, name in enumerate(names) if _covers(redo, name)), -1)
        if first < 0:
            known = sorted({name.split("/")[0] for name in names})
            raise ConfigError(f"--redo {redo}: no such stage; there are {', '.join(known)}")
    stored = store.stage_inputs()
    for place, name in enumerate(names):
        again = redo is not None and (_covers(redo, name) or (place >= first and "/" not in name))
        if again:
            store.forget(name)
        elif name in stored and (changes := _changes(stored[name], wanted[name])):
            raise ConfigError(
                f"{'; '.join(changes)} since stage {name!r} ran: add --redo {name.split('/')[0]} to"
                " run it and what follows again, or --out NEW for a new run"
            )
        store.set_stage(name, wanted[name], "started")


def _covers(redo: str, name: str) -> bool:
    return name == redo or name.startswith(f"{redo}/")


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    return [
        f"{key} changed ({json.dumps(old.get(key))} -> {json.dumps(new.get(key))})"
        for key in sorted({*old, *new})
        if old.get(key) != new.get(key)
    ]
