"""The shipped models as a list, and their cards."""

import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import prod
from pathlib import Path
from typing import Any

from temper.organisms.build import load_recipe, recipe_names
from temper.organisms.card import CARD, card
from temper.run_folder import write_whole
from temper.targets.registry import shipped_models

WEIGHTS = "model.safetensors"


@dataclass(frozen=True, slots=True)
class Model:
    name: str
    about: str
    context: int
    """Tokens."""
    parameters: int
    """0 where the weights did not come with this copy."""
    path: str

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def models() -> list[Model]:
    """Every model that has a recipe, with its weights if they are here."""
    here = shipped_models()
    return [_model(name, here.get(name)) for name in recipe_names()]


def _model(name: str, path: Path | None) -> Model:
    recipe = load_recipe(name)
    return Model(
        name=name,
        about=recipe["about"],
        context=recipe["architecture"]["max_position_embeddings"],
        parameters=parameters(path) if path else 0,
        path=str(path or ""),
    )


def parameters(folder: Path) -> int:
    """Count a checkpoint's parameters from the head of its weights file alone."""
    with (folder / WEIGHTS).open("rb") as stream:
        (length,) = struct.unpack("<Q", stream.read(8))
        tensors = json.loads(stream.read(length))
    return sum(prod(entry["shape"]) for name, entry in tensors.items() if name != "__metadata__")


def write_card(name: str, folder: Path, figures: Sequence[Mapping[str, Any]]) -> None:
    """Write the README.md of a checkpoint folder with these figures."""
    text = card(name, load_recipe(name), parameters(folder), figures)
    write_whole(folder / CARD, text)
