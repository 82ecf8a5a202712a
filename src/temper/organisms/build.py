"""Build a shipped model from its recipe; an interrupted build continues."""

import json
import shutil
import tomllib
from collections.abc import Callable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from temper.errors import ConfigError
from temper.organisms.parallel import in_processes
from temper.organisms.tokenizer import train_tokenizer
from temper.organisms.train import train_model
from temper.run_folder import locked, write_whole

MODEL = "model"


def recipe_names() -> list[str]:
    folder = files("temper.organisms").joinpath("recipes")
    return sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir())


def load_recipe(name: str) -> dict[str, Any]:
    """The recipe; `base` in it names another whose tables it changes key by key.

    Raises:
        ConfigError: no recipe of that name.
    """
    if name not in recipe_names():
        raise ConfigError(f"no model {name!r}: choose one of {', '.join(recipe_names())}")
    text = files("temper.organisms").joinpath("recipes", f"{name}.toml").read_text("utf-8")
    recipe = tomllib.loads(text)
    base = recipe.pop("base", None)
    if base is None:
        return recipe
    whole = load_recipe(base)
    for key, value in recipe.items():
        whole[key] = whole.get(key, {}) | value if isinstance(value, dict) else value
    return whole


def total_steps(recipe: Mapping[str, Any]) -> int:
    return sum(stage["steps"] for stage in recipe["training"]["stages"])


def training_tokens(recipe: Mapping[str, Any]) -> int:
    """Tokens of the packed rows; the long rows of copies are not counted."""
    stages = recipe["training"]["stages"]
    return sum(stage["steps"] * stage["rows"] * stage["row_tokens"] for stage in stages)


def build_model(name: str, out: Path, report: Callable[[str], None], *, processes: int = 1) -> None:
    """Build a model by name into a new folder; an interrupted build continues.

    Until it is done, everything is in the folder `out`.scratch.

    Raises:
        ConfigError: no such model, or the folder holds something else.
    """
    recipe = load_recipe(name)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise ConfigError(f"{out} is there already: choose another --out, or remove it")
    scratch = out.with_name(out.name + ".scratch")
    with locked(scratch):
        _keep_recipe(recipe, scratch)
        build(recipe, scratch, report, processes)
    out.mkdir(exist_ok=True)
    for path in (scratch / MODEL).iterdir():
        path.replace(out / path.name)
    shutil.rmtree(scratch)


def _keep_recipe(recipe: dict[str, Any], scratch: Path) -> None:
    """A checkpoint of another recipe must not be continued with this one."""
    path, text = scratch / "recipe.json", json.dumps(recipe, indent=1)
    if path.exists() and path.read_text("utf-8") != text:
        raise ConfigError(f"{scratch} holds a build of another recipe: remove it to start anew")
    write_whole(path, text)


def build(
    recipe: dict[str, Any], scratch: Path, report: Callable[[str], None], processes: int = 1
) -> None:
    """Write a Hugging Face checkpoint (bf16 safetensors) to the folder `model` in `scratch`."""
    from transformers.utils import logging

    logging.disable_progress_bar()
    tokenizer = train_tokenizer(recipe)
    processes = min(processes, *(stage["rows"] for stage in recipe["training"]["stages"]))
    if processes > 1:
        in_processes(processes, scratch, train_model, recipe, tokenizer, scratch, say=report)
    model = train_model(recipe, tokenizer, scratch, report)  # or only loads what was trained
    write_checkpoint(model, tokenizer, recipe, scratch / MODEL)


def write_checkpoint(model: Any, tokenizer: Any, recipe: dict[str, Any], folder: Path) -> None:
    """Write bf16 safetensors, the tokenizer, and the recipe's way of sampling."""
    import torch

    model.set_attn_implementation("sdpa")
    model = model.to(torch.bfloat16)
    model.generation_config.update(
        do_sample=True,
        temperature=1.0,
        top_k=0,
        top_p=recipe.get("sampling", {}).get("top_p", 1.0),
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
