"""What may be drawn next: temperature, top-k, nucleus, and no run of tokens twice."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from temper.records import Decoding


class Sampling(NamedTuple):
    """One request's settings after the target's own defaults have been filled in."""

    temperature: float
    """0 is greedy."""
    top_p: float
    top_k: int
    stop: tuple[str, ...]
    max_tokens: int
    no_repeat: int
    """0: no limit."""


def resolve(decoding: Decoding, defaults: Any) -> Sampling:
    """Fill None with the checkpoint's generation_config; one that does not sample is greedy."""
    temperature = decoding.temperature
    if temperature is None:
        own = getattr(defaults, "temperature", None)
        temperature = float(1.0 if own is None else own)
        if not getattr(defaults, "do_sample", False):
            temperature = 0.0
    top_p = decoding.top_p if decoding.top_p is not None else getattr(defaults, "top_p", None)
    top_k = decoding.top_k if decoding.top_k is not None else getattr(defaults, "top_k", None)
    return Sampling(
        temperature,
        float(top_p or 1.0),
        int(top_k or 0),
        decoding.stop,
        decoding.max_tokens,
        decoding.no_repeat or 0,
    )


def truncated(logits_BV: Any, settings: Sequence[Sampling]) -> Any:
    """Top-k and nucleus limits, all rows at once; a new tensor where any row has a limit."""
    import torch

    size = logits_BV.shape[-1]
    most = [setting.top_k if 0 < setting.top_k < size else size for setting in settings]
    nucleus = [setting.top_p for setting in settings]
    if min(most) == size and min(nucleus) >= 1:
        return logits_BV
    ordered, order = logits_BV.sort(dim=-1, descending=True)
    most_B1 = torch.tensor(most, device=logits_BV.device)[:, None]
    ordered = ordered.masked_fill(torch.arange(size, device=ordered.device) >= most_B1, -torch.inf)
    share = ordered.softmax(-1)
    nucleus_B1 = torch.tensor(nucleus, dtype=share.dtype, device=share.device)[:, None]
    beyond = (share.cumsum(-1) - share >= nucleus_B1) & (nucleus_B1 < 1)
    ordered = ordered.masked_fill(beyond, -torch.inf)
    return torch.empty_like(logits_BV).scatter_(-1, order, ordered)


def forbid_repeats(
    logits_BV: Any, settings: Sequence[Sampling], tokens_B: Sequence[Sequence[int]]
) -> Any:
    """Rule out every token that would write a run of `no_repeat` tokens for the second time.

    Args:
        logits_BV: changed in place where a row has such a limit.
        settings: a row each.
        tokens_B: prompt and answer so far of each row; both count, as in transformers.
    """
    for row, setting in enumerate(settings):
        length, tokens = setting.no_repeat, list(tokens_B[row])
        if not length:
            continue
        begun = tokens[len(tokens) - length + 1 :]
        again = [
            tokens[start + length - 1]
            for start in range(len(tokens) - length + 1)
            if tokens[start : start + length - 1] == begun
        ]
        logits_BV[row, again] = float("-inf")
    return logits_BV
