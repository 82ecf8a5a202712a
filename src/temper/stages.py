"""Stage fingerprints: what may change between two calls on one run, and what must be done again."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from temper.errors import ConfigError
from temper.store import Store

Inputs = Mapping[str, Mapping[str, Any]]


def refresh_stages(
    store: Store, wanted: Inputs, redo: str | None, *, option: str = "--redo {stage}"
) -> None:
    """Hold the stages against those that ran here, and forget what is to be done again.

    Args:
        store: the run's database.
        wanted: for each stage in order, the settings that decide its result.
        redo: a stage ("search", "search/pirs", "measure"): its replies and those of what follows
            are forgotten.
        option: what the user may add to have a stage done again; "" where the command has none.

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
                f"{'; '.join(changes)} since stage {name!r} ran: {_remedy(name, option)}"
            )
        store.set_stage(name, wanted[name], "started")


def unfinished(store: Store, wanted: Iterable[str]) -> list[str]:
    """Those of the stages that did not come to their end."""
    status = store.stage_status()
    return [name for name in wanted if status.get(name) != "done"]


def _remedy(name: str, option: str) -> str:
    if not option:
        return "give --out NEW for a new run"
    again = option.format(stage=name.split("/")[0])
    return f"add {again} to run it and what follows again, or --out NEW for a new run"


def _covers(redo: str, name: str) -> bool:
    return name == redo or name.startswith(f"{redo}/")


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    return [
        f"{key} changed ({json.dumps(old.get(key))} -> {json.dumps(new.get(key))})"
        for key in sorted({*old, *new})
        if old.get(key) != new.get(key)
    ]
