"""TOML files as they are read, before anything checks them: `extends`, and dotted settings."""

import tomllib
from pathlib import Path
from typing import Any

from temper.errors import ConfigError


def read_toml(path: Path, above: tuple[Path, ...] = ()) -> dict[str, Any]:
    """A TOML file, laid over the file that its key `extends` names beside it.

    Raises:
        ConfigError: it cannot be read, or extends itself.
    """
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise ConfigError(f"{path} does not exist: name a TOML file") from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path} cannot be read as TOML: {error}") from error
    base = raw.pop("extends", None)
    if base is None:
        return raw
    if not isinstance(base, str):
        raise ConfigError(f"{path}: extends names one TOML file, got {base!r}")
    if path.resolve() in above:
        raise ConfigError(f"{path}: extends goes round in a circle")
    return _merged(read_toml(path.parent / base, (*above, path.resolve())), raw)


def _merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        if isinstance(merged.get(key), dict) and isinstance(value, dict):
            merged[key] = _merged(merged[key], value)
        else:
            merged[key] = value
    return merged


def parse_setting(text: str) -> tuple[str, Any]:
    """Split "attack.problems=8"; the value is read as TOML, else taken as a string."""
    key, found, value = text.partition("=")
    if not found or not key.strip():
        raise ConfigError(f"--set {text}: write section.key=value, e.g. attack.problems=8")
    try:
        return key.strip(), tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        return key.strip(), value.strip()


def lay_over(raw: dict[str, Any], dotted: str, value: Any) -> None:
    """Set one value by its dotted name, in place.

    Raises:
        ConfigError: the name goes through a value.
    """
    *sections, key = dotted.split(".")
    place = raw
    for section in sections:
        below = place.setdefault(section, {})
        if not isinstance(below, dict):
            raise ConfigError(f"{dotted}: {section!r} is a value, not a section")
        place = below
    place[key] = value
