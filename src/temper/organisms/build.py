"""Build a shipped model: `python -m temper.organisms.build abacus-s OUT`; run again to continue."""

import sys
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

from temper.organisms.tokenizer import train_tokenizer
from temper.organisms.train import train_model


def load_recipe(name: str) -> dict[str, Any]:
    text = files("temper.organisms").joinpath("recipes", f"{name}.toml").read_text("utf-8")
    return tomllib.loads(text)


def build(name: str, out: Path) -> None:
    """Write a Hugging Face checkpoint (bf16 safetensors) to `out`; `out`.scratch can continue."""
    import torch

    recipe = load_recipe(name)
    scratch = out.with_name(out.name + ".scratch")
    scratch.mkdir(parents=True, exist_ok=True)
    tokenizer = train_tokenizer(recipe["vocabulary"], recipe["tokenizer_documents"], recipe["seed"])
    model = train_model(recipe, tokenizer, scratch, lambda line: print(line, flush=True))
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


if __name__ == "__main__":
    build(sys.argv[1], Path(sys.argv[2]))
