"""Prices of models, from a file that the user writes: temper ships none, for they change."""

import os
import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from temper.errors import ConfigError

Money = Annotated[float, Field(ge=0)]


class ModelPrice(BaseModel):
    """Of one model, for a million tokens."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    input: Money
    output: Money


class Prices(BaseModel):
    """The file: a table for each model under `models`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    models: dict[str, ModelPrice] = {}


def load_prices(path: str | None) -> dict[str, ModelPrice]:
    """Prices by model name; none where no file is named and none lies in the usual places.

    Raises:
        ConfigError: the named file is missing, or a file cannot be read.
    """
    file = Path(path).expanduser() if path else _usual_file()
    if file is None:
        return {}
    try:
        return Prices.model_validate(tomllib.loads(file.read_text("utf-8"))).models
    except FileNotFoundError as error:
        raise ConfigError(f"{file} does not exist: budget.prices names no file") from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError) as error:
        shown = " ".join(str(error).split())[:200]
        raise ConfigError(
            f"{file} is no list of prices ({shown}): write [models.NAME], input = 0.5, output = 1.5"
        ) from error


def _usual_file() -> Path | None:
    home = Path(os.environ.get("XDG_CONFIG_HOME") or "~/.config").expanduser()
    places = (Path("prices.toml"), home / "temper" / "prices.toml")
    return next((place for place in places if place.is_file()), None)
