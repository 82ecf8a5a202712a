"""Texts to vectors: by the target's own states, or by any encoder checkpoint on this disk."""

import hashlib
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from temper.errors import TargetError
from temper.protocols import Pooling, Target
from temper.records import content_id

Floats = NDArray[np.float32]
BLOCK = 64
"""Texts that go through a model at once; only one block's states are ever held."""
MOST_TOKENS = 512


class OwnStates:
    """The target's own last layer."""

    def __init__(self, target: Target, pooling: Pooling = "mean") -> None:
        self._target = target
        self._pooling: Pooling = pooling

    @property
    def hash(self) -> str:
        return content_id("own states", self._target.hash, self._pooling)

    def embed(self, texts: Sequence[str]) -> Floats:
        """Raises TargetError where the target shows no states."""
        return in_blocks(texts, lambda part: self._target.hidden(part, pooling=self._pooling))


class Encoder:
    """Any encoder (or causal model) in Hugging Face form, read from a local folder.

    Args:
        path: folder with config.json, safetensors weights and a tokenizer.
        pooling: masked mean, or the last real token; texts are cut at 512 tokens.
        threads: torch threads of this process; None leaves torch's own choice.

    Raises:
        TargetError: the folder is no usable checkpoint.
    """

    def __init__(self, path: Path, pooling: Pooling = "mean", threads: int | None = None) -> None:
        from temper.targets.checkpoint import read_config

        self.path, self._pooling, self._threads = path, pooling, threads
        read_config(path)

    @property
    def hash(self) -> str:
        return content_id("encoder", self._hash_of_files, self._pooling)

    @cached_property
    def _hash_of_files(self) -> str:
        digest = hashlib.sha256()
        for file in sorted([*self.path.glob("*.safetensors"), *self.path.glob("*.json")]):
            digest.update(file.name.encode())
            with file.open("rb") as stream:
                digest.update(hashlib.file_digest(stream, "sha256").digest())
        return digest.hexdigest()

    def embed(self, texts: Sequence[str]) -> Floats:
        return in_blocks(texts, self._states)

    def _states(self, texts: Sequence[str]) -> Floats:
        import torch

        model, tokenizer = self._loaded
        rows = [
            tokenizer(text, truncation=True, max_length=self._most)["input_ids"] or [0]
            for text in texts
        ]
        longest = max(map(len, rows))
        tokens = torch.zeros(len(rows), longest, dtype=torch.long)
        mask = torch.zeros(len(rows), longest, dtype=torch.long)
        for place, row in enumerate(rows):
            tokens[place, : len(row)] = torch.tensor(row)
            mask[place, : len(row)] = 1
        with torch.no_grad():
            states = model(input_ids=tokens, attention_mask=mask).last_hidden_state.float()
        if self._pooling == "last":
            pooled = states[torch.arange(len(rows)), mask.sum(1) - 1]
        else:
            weight = mask[..., None].to(states.dtype)
            pooled = (states * weight).sum(1) / weight.sum(1)
        return pooled.numpy()

    @property
    def _most(self) -> int:
        model, tokenizer = self._loaded
        places = getattr(model.config, "max_position_embeddings", None) or MOST_TOKENS
        # RoBERTa's table has two places that no token may take
        return int(min(MOST_TOKENS, tokenizer.model_max_length, max(1, places - 2)))

    @cached_property
    def _loaded(self) -> tuple[Any, Any]:
        try:
            import torch
            import transformers
        except ImportError as error:
            raise TargetError(
                f"an encoder needs torch and transformers ({error}): pip install 'temper-lm[local]'"
            ) from error
        transformers.utils.logging.set_verbosity_error()
        transformers.utils.logging.disable_progress_bar()
        if self._threads is not None:
            torch.set_num_threads(self._threads)
        try:
            tokenizer = transformers.AutoTokenizer.from_pretrained(self.path, local_files_only=True)
            model: Any = transformers.AutoModel.from_pretrained(
                self.path, local_files_only=True, use_safetensors=True, dtype=torch.float32
            )
        except Exception as error:  # the library raises whatever the broken file provokes
            reason = " ".join(str(error).split())[:300] or type(error).__name__
            raise TargetError(f"{self.path} cannot be loaded as an encoder: {reason}") from error
        if model.config.is_encoder_decoder:
            model = model.get_encoder()
        return model.eval(), tokenizer


def in_blocks(texts: Sequence[str], work: Callable[[Sequence[str]], Floats]) -> Floats:
    """Embed texts of like length together, and give the vectors back in the order of the texts."""
    order = sorted(range(len(texts)), key=lambda place: (len(texts[place]), texts[place]))
    vectors_ND: Floats = np.zeros((0, 0), np.float32)
    for start in range(0, len(texts), BLOCK):
        part = order[start : start + BLOCK]
        found = work([texts[place] for place in part])
        if start == 0:
            vectors_ND = np.empty((len(texts), found.shape[1]), np.float32)
        vectors_ND[part] = found
    return vectors_ND
