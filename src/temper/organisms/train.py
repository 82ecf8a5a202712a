"""Train a shipped model from its recipe: packed rows, bf16 autocast, exact continuation."""

import itertools
import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from temper.organisms.packing import packed_batches

CHECKPOINT_EVERY = 200


def train_model(
    recipe: dict[str, Any],
    tokenizer: Any,
    scratch: Path,
    report: Callable[[str], None],
) -> Any:
    """Train and return the model, in float32; `scratch` keeps a checkpoint to continue from."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    training = recipe["training"]
    torch.manual_seed(recipe["seed"])
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        tie_word_embeddings=True,
        **recipe["architecture"],
    )
    model = LlamaForCausalLM(config)
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=training["learning_rate"], betas=(0.9, 0.98), weight_decay=0.05
    )
    done = _load_checkpoint(scratch / "checkpoint.pt", model, optimizer)
    batches = packed_batches(
        tokenizer,
        rows=training["rows"],
        row_tokens=training["row_tokens"],
        context_weight=training["context_weight"],
        seed=recipe["seed"],
    )
    started = time.monotonic()
    steps = training["steps"]
    for step, (tokens, weights) in enumerate(itertools.islice(batches, steps)):
        if step < done:
            continue
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(step, training)
        loss = _loss(model, torch.from_numpy(tokens), torch.from_numpy(weights))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        if (step + 1) % 50 == 0:
            pace = (time.monotonic() - started) / (step + 1 - done)
            report(f"step {step + 1}/{steps}  loss {loss.item():.4f}  {pace:.2f} s/step")
        if (step + 1) % CHECKPOINT_EVERY == 0:
            _save_checkpoint(scratch / "checkpoint.pt", model, optimizer, step + 1)
    return model


def learning_rate(step: int, training: dict[str, Any]) -> float:
    """Linear warm-up, then a cosine to 2 % of the peak."""
    if step < training["warmup"]:
        return training["learning_rate"] * (step + 1) / training["warmup"]
    progress = (step - training["warmup"]) / max(1, training["steps"] - training["warmup"])
    return training["learning_rate"] * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * progress)))


def _loss(model: Any, tokens: Any, weights: Any) -> Any:
    import torch

    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = model(input_ids=tokens[:, :-1]).logits
    losses = torch.nn.functional.cross_entropy(
        logits.float().flatten(0, 1), tokens[:, 1:].flatten(), reduction="none"
    )
    weight = weights[:, 1:].flatten()
    return (losses * weight).sum() / weight.sum()


def _save_checkpoint(path: Path, model: Any, optimizer: Any, step: int) -> None:
    import torch

    partial = path.with_suffix(".partial")
    state = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "step": step}
    torch.save(state, partial)
    partial.replace(path)


def _load_checkpoint(path: Path, model: Any, optimizer: Any) -> int:
    import torch

    if not path.exists():
        return 0
    state = torch.load(path, weights_only=True)
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    return int(state["step"])
