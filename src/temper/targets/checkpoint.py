"""A checkpoint folder: is it one, and load it with what the decoding loops must know of it."""

import inspect
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from temper.config import Dtype
from temper.errors import TargetError

if TYPE_CHECKING:
    import torch

WEIGHT_ADVICE = (
    "temper loads safetensors only, because pickled weights can run code: convert them with"
    " model.save_pretrained(FOLDER) under a recent transformers"
)


class Checkpoint(NamedTuple):
    """A loaded model and what the loops need to know about its tokens."""

    model: Any
    tokenizer: Any
    ends: frozenset[int]
    """Tokens that end an answer."""
    word_ends: Any
    """(vocabulary,) booleans: can this token follow a finished word?"""
    accepts: frozenset[str]
    """Optional arguments of this architecture's forward pass."""

    @classmethod
    def of(cls, model: Any, tokenizer: Any) -> "Checkpoint":
        return cls(
            model,
            tokenizer,
            _end_tokens(model, tokenizer),
            _ends_word(model, tokenizer),
            frozenset(inspect.signature(model.forward).parameters),
        )


def read_config(path: Path) -> dict[str, Any]:
    if not path.exists():
        raise TargetError(f"{path} does not exist: name a shipped model or a checkpoint folder")
    if not path.is_dir():
        raise TargetError(f"{path} is a file: name the folder that holds config.json and weights")
    if not (path / "config.json").exists():
        raise TargetError(f"{path} has no config.json: this is no Hugging Face checkpoint folder")
    if not any(path.glob("*.safetensors")):
        if any(path.glob("*.bin")) or any(path.glob("*.pt")):
            raise TargetError(f"{path} holds pickled weights only. {WEIGHT_ADVICE}")
        raise TargetError(f"{path} has no *.safetensors weights: download or save them there")
    try:
        return json.loads((path / "config.json").read_text("utf-8"))
    except ValueError as error:
        raise TargetError(f"{path / 'config.json'} is no JSON: {error}") from error


def load_checkpoint(
    path: Path, device: str, dtype: Dtype | None, threads: int | None
) -> Checkpoint:
    try:
        import torch
        import transformers
    except ImportError as error:
        raise TargetError(
            f"a local checkpoint needs torch and transformers ({error}):"
            " pip install 'temper-lm[local]'"
        ) from error
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    if threads is not None:
        torch.set_num_threads(threads)
    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    kind: Any = "auto" if dtype == "auto" else getattr(torch, dtype or "float32")
    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(path, local_files_only=True)
        model: Any = transformers.AutoModelForCausalLM.from_pretrained(
            path, local_files_only=True, use_safetensors=True, dtype=kind
        )
        model = model.to(device).eval()
    except Exception as error:  # the library raises whatever the broken file provokes
        reason = " ".join(str(error).split())[:300] or type(error).__name__
        raise TargetError(
            f"{path} cannot be loaded as a causal language model: {reason}"
        ) from error
    return Checkpoint.of(model, tokenizer)


def left_padded(
    prompts: Sequence[Sequence[int]], device: Any
) -> "tuple[torch.Tensor, torch.Tensor]":
    import torch

    longest = max(map(len, prompts))
    tokens = torch.zeros(len(prompts), longest, dtype=torch.long)
    mask = torch.zeros(len(prompts), longest, dtype=torch.long)
    for row, prompt in enumerate(prompts):
        tokens[row, longest - len(prompt) :] = torch.tensor(prompt)
        mask[row, longest - len(prompt) :] = 1
    return tokens.to(device), mask.to(device)


def forward(checkpoint: Checkpoint, tokens: Any, mask: Any, cache: Any, *, keep: int) -> Any:
    """One pass; at least the last `keep` positions have logits, counted from the end."""
    options: dict[str, Any] = {}
    if "position_ids" in checkpoint.accepts:
        positions = (mask.cumsum(-1) - 1).clamp(min=0)
        options["position_ids"] = positions[:, -tokens.shape[1] :]
    if "logits_to_keep" in checkpoint.accepts:
        options["logits_to_keep"] = keep
    return checkpoint.model(
        input_ids=tokens, attention_mask=mask, past_key_values=cache, use_cache=True, **options
    )


def _end_tokens(model: Any, tokenizer: Any) -> frozenset[int]:
    """Every token that the checkpoint or its tokenizer says ends an answer."""
    found: set[int] = set()
    for value in (model.generation_config.eos_token_id, tokenizer.eos_token_id):
        if isinstance(value, int):
            found.add(value)
        elif value is not None:
            found.update(value)
    return frozenset(found)


def _ends_word(model: Any, tokenizer: Any) -> Any:
    """Over the vocabulary: can this token follow a finished word? Not if it begins one's rest."""
    import torch

    size = model.get_output_embeddings().weight.shape[0]
    pieces = tokenizer.convert_ids_to_tokens(list(range(min(size, len(tokenizer)))))
    special = set(tokenizer.all_special_ids)
    ends = torch.ones(size, dtype=torch.bool)
    for number, piece in enumerate(pieces):
        if piece and number not in special:
            # byte-level tokenizers write white space as letters such as "Ġ"
            ends[number] = piece[0] in "Ġ▁ĊĉčĀ" or not piece[0].isalnum()
    return ends.to(model.device)
