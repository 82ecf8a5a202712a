"""Settings from TOML and from the command line, and back to TOML; nothing unknown is accepted."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import tomli_w
from pydantic import ValidationError

from temper.config.concern import EstablishRun
from temper.config.explaining import explain
from temper.config.explore import ExploreRun
from temper.config.harden import HardenCampaign, HardenRun, TalkingHardenRun
from temper.config.sections import (
    ArithmeticCampaign,
    Config,
    ReplayRun,
    Section,
    TargetConfig,
)
from temper.config.toml_files import lay_over, read_toml
from temper.config.worry import WorryRun
from temper.errors import ConfigError
from temper.run_folder import CONFIG, run_path

Kind = TypeVar(
    "Kind", Config, ArithmeticCampaign, ExploreRun, EstablishRun, WorryRun, HardenCampaign
)
Sections = TypeVar("Sections", bound=Section)


def load_config(path: Path | None, overrides: Mapping[str, Any] | None = None) -> Config:
    """Read a TOML file of one run and lay `section.key` overrides over it.

    Raises:
        ConfigError: no such file, bad TOML, an unknown key, or a value of the wrong type; all at
            once.
    """
    return _load(path, overrides, Config)


def load_campaign(path: Path, overrides: Mapping[str, Any] | None = None) -> ArithmeticCampaign:
    """Read a TOML file with a `[campaign]` section; overrides and errors as in `load_config`."""
    return _load(path, overrides, ArithmeticCampaign)


def load_establish(path: Path | None, overrides: Mapping[str, Any] | None = None) -> EstablishRun:
    """Read a TOML file with `[concern]` and `[establish]`; else as in `load_config`."""
    return _load(path, overrides, EstablishRun)


def load_explore(path: Path | None, overrides: Mapping[str, Any] | None = None) -> ExploreRun:
    """Read a TOML file with an `[explore]` section; overrides and errors as in `load_config`."""
    return _load(path, overrides, ExploreRun)


def load_harden(source: str, overrides: Mapping[str, Any]) -> HardenRun:
    """Settings of a hardening: target and problems of the source run, if it has any, then these.

    Raises:
        ConfigError: as in `load_config`.
    """
    raw: dict[str, Any] = {}
    kind = HardenRun
    path = run_path(source) / CONFIG
    if path.exists():
        found = read_toml(path)
        raw = {key: found[key] for key in ("target", "problems") if key in found}
        if "exploit" in found:
            kind = TalkingHardenRun
    for dotted, value in overrides.items():
        lay_over(raw, dotted, value)
    try:
        return kind.model_validate(raw)
    except ValidationError as error:
        raise ConfigError(explain(error, None, kind)) from error


def load_harden_campaign(path: Path, overrides: Mapping[str, Any] | None = None) -> HardenCampaign:
    """Read a TOML file with `[grid]` and `[harden]`; overrides and errors as in `load_config`."""
    return _load(path, overrides, HardenCampaign)


def is_harden(path: Path) -> bool:
    """Whether a TOML file hardens by training."""
    return "harden" in read_toml(path)


def load_target(path: Path | None, given: Mapping[str, Any]) -> TargetConfig:
    """The section target of any TOML file, with these settings laid over it.

    Raises:
        ConfigError: as in `load_config`.
    """
    section = read_toml(path).get("target", {}) if path is not None else {}
    try:
        return TargetConfig.model_validate({**section, **given})
    except ValidationError as error:
        raise ConfigError(explain(error, path, TargetConfig)) from error


def load_worry(path: Path, overrides: Mapping[str, Any] | None = None) -> WorryRun:
    """Read a TOML file from a worry to a measure; overrides and errors as in `load_config`."""
    return _load(path, overrides, WorryRun)


def check_worry(text: str) -> WorryRun:
    """Check what is to be written as a TOML file.

    Raises:
        ConfigError: as for the file.
    """
    try:
        return WorryRun.model_validate(tomllib.loads(text))
    except ValidationError as error:
        raise ConfigError(explain(error, None, WorryRun)) from error


def is_worry(path: Path) -> bool:
    """Whether a TOML file goes from a worry to a measure, and not over a grid of attacks."""
    return "concern" in read_toml(path)


def _load(path: Path | None, overrides: Mapping[str, Any] | None, kind: type[Kind]) -> Kind:
    raw = read_toml(path) if path is not None else {}
    for dotted, value in (overrides or {}).items():
        lay_over(raw, dotted, value)
    try:
        return kind.model_validate(raw)
    except ValidationError as error:
        raise ConfigError(explain(error, path, kind)) from error


def parse_replay(raw: Mapping[str, Any]) -> ReplayRun:
    """Check the settings of a replay.

    Raises:
        ConfigError: a value of the wrong type or out of its range; all at once.
    """
    return parse_sections(raw, ReplayRun)


def parse_sections(raw: Mapping[str, Any], kind: type[Sections]) -> Sections:
    """Check the settings of any kind of run.

    Raises:
        ConfigError: a value of the wrong type or out of its range; all at once.
    """
    try:
        return kind.model_validate(raw)
    except ValidationError as error:
        raise ConfigError(explain(error, None, ArithmeticCampaign)) from error


def parse_dotted(given: Mapping[str, Any], kind: type[Sections]) -> Sections:
    """Check settings by dotted names, e.g. {"suite.items": 100}; errors as in `parse_sections`."""
    raw: dict[str, Any] = {}
    for dotted, value in given.items():
        lay_over(raw, dotted, value)
    return parse_sections(raw, kind)


def dump_config(config: Section) -> str:
    """The resolved settings as TOML; what is None is left out, as it is the default everywhere."""
    return tomli_w.dumps(config.model_dump(mode="json", exclude_none=True))
