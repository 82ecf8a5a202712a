"""A model's states layer by layer: where something can be read out of it."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from temper.targets.checkpoint import Checkpoint

BATCH = 64
LONGEST = 512
"""Tokens of a text that are read, where the model does not say how many it can."""


def layer_states(
    checkpoint: Checkpoint, texts: Sequence[str], context: int | None
) -> NDArray[np.float32]:
    """Masked mean of every layer, (layers + 1, texts, features); layer 0 is the embeddings."""
    import torch

    model, tokenizer = checkpoint.model, checkpoint.tokenizer

    parts: list[NDArray[np.float32]] = []
    with torch.no_grad():
        for start in range(0, len(texts), BATCH):
            part = list(texts[start : start + BATCH])
            prompts = [tokenizer(text)["input_ids"][: context or LONGEST] or [0] for text in part]
            tokens, mask = _right_padded(prompts, model.device)
            options = {"input_ids": tokens, "attention_mask": mask, "output_hidden_states": True}
            states = torch.stack(model(**options).hidden_states)
            weight = mask[None, :, :, None].to(states.dtype)
            parts.append(((states * weight).sum(2) / weight.sum(2)).float().cpu().numpy())
    return np.concatenate(parts, axis=1) if parts else np.zeros((0, 0, 0), np.float32)


def _right_padded(prompts: Sequence[Sequence[int]], device: Any) -> tuple[Any, Any]:
    """Behind the text, where padding shifts no position: encoders count positions from the left."""
    import torch

    tokens = torch.zeros(len(prompts), max(map(len, prompts)), dtype=torch.long)
    mask = torch.zeros_like(tokens)
    for row, prompt in enumerate(prompts):
        tokens[row, : len(prompt)] = torch.tensor(prompt)
        mask[row, : len(prompt)] = 1
    return tokens.to(device), mask.to(device)
