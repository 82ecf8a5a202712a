"""Find a target by what the user typed: a shipped model, a folder, a server, or a plug-in."""

import difflib
import os
import re
from collections.abc import Sequence
from importlib.metadata import entry_points
from importlib.resources import files
from pathlib import Path

from temper.config import TargetConfig
from temper.errors import TargetError
from temper.protocols import Target


def shipped_models() -> dict[str, Path]:
    """Names and folders of the checkpoints that come with temper."""
    folder = Path(str(files("temper"))) / "organisms" / "weights"
    if not folder.is_dir():
        return {}
    return {entry.name: entry for entry in sorted(folder.iterdir()) if entry.is_dir()}


def told_apart(targets: Sequence[Target]) -> dict[str, Target]:
    """Each target once, by its name; two of one name are told apart by their hash."""
    once = list({target.hash: target for target in targets}.values())
    names = [target.capabilities.name for target in once]
    return {
        name if names.count(name) == 1 else f"{name}-{target.hash[:6]}": target
        for name, target in zip(names, once, strict=True)
    }


def open_target(config: TargetConfig) -> Target:
    """Open, without loading weights or calling a server yet, what `config.name` means.

    Raises:
        TargetError: nothing of that name, or the folder is no usable checkpoint.
    """
    if config.is_remote and config.http is not None:
        from temper.targets.http import open_http

        return open_http(config, config.http, os.environ)
    if config.is_remote:
        from temper.targets.openai.target import OpenAITarget, service_of

        return OpenAITarget(config, service_of(config, os.environ))
    from temper.targets.huggingface import HuggingFaceTarget

    name = config.name
    shipped = shipped_models()
    for plugin in entry_points(group="temper.targets", name=name):
        return plugin.load()(config)
    if name in shipped:
        path = shipped[name]
    elif not Path(name).exists() and _lacks_scheme(name):
        raise TargetError(f"no target {name!r}: an address begins with http:// or https://")
    elif Path(name).exists() or "/" in name or name.startswith("."):
        path = Path(name).expanduser()
    else:
        close = difflib.get_close_matches(name, shipped, n=1)
        hint = f"did you mean {close[0]!r}? " if close else ""
        raise TargetError(
            f"no target {name!r}: {hint}name a shipped model ({', '.join(shipped) or 'none'})"
            ", a checkpoint folder, or the http:// address of a server"
        )
    return HuggingFaceTarget(
        path,
        name=name if name in shipped else path.resolve().name,
        device=config.device,
        dtype=config.dtype,
        threads=config.threads,
    )


def _lacks_scheme(name: str) -> bool:
    """HOST:PORT or HOST.TLD/v1, as people write addresses; a path begins with a name or a dot."""
    return bool(re.match(r"(localhost|[\w-]+(\.[\w-]+)*:\d+|[\w-]+(\.[\w-]+)+/v\d)(/|$|:)", name))
