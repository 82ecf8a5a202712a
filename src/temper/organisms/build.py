"""Build a shipped model from its recipe; an interrupted build continues."""

import tomllib
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

from temper.errors import ConfigError
from temper.organisms.tokenizer import train_tokenizer
from temper.organisms.train import train_model


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


def build(recipe: dict[str, Any], out: Path, report: Callable[[str], None]) -> None:
    """Write a Hugging Face checkpoint (bf16 safetensors) to `out`; `out`.scratch can continue."""
    import torch

    scratch = out.with_name(out.name + ".scratch")
    scratch.mkdir(parents=True, exist_ok=True)
    tokenizer = train_tokenizer(recipe)
    model = train_model(recipe, tokenizer, scratch, report)
    model.set_attn_implementation("sdpa")
    model = model.to(torch.bfloat16)
    model.generation_config.update(
        do_sample=True,
        temperature=1.0,
        top_k=0,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    model.save_pretrained(out)
    tokenizer.save_pretrained(out)
