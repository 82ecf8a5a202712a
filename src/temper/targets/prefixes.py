"""Pass what several prompts begin with through the model once, and go on from there for each."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from temper.targets.checkpoint import Checkpoint, forward, left_padded

Prompt = Sequence[int]
LEAST_TOKENS = 4
"""Shorter beginnings are not worth a pass of their own."""
LEAST_SAVING = 0.15
"""Share of a batch's tokens that sharing must save: a second pass has its own cost."""


class Prefilled(NamedTuple):
    """Prompts that have passed through the model."""

    logits: Any
    """(rows, vocabulary): after each prompt's last token."""
    cache: Any
    mask: Any
    """(rows, tokens): which tokens of the cache are real."""


class _Group(NamedTuple):
    rows: list[int]
    length: int
    """Tokens that all rows begin with."""


def prefill(checkpoint: Checkpoint, prompts: Sequence[Prompt]) -> Prefilled:
    """The state behind each prompt; shared beginnings are computed once."""
    groups = shared_beginnings(prompts)
    saved = sum((len(group.rows) - 1) * group.length for group in groups)
    if min(map(len, prompts)) < 2 or saved < LEAST_SAVING * sum(map(len, prompts)):
        tokens, mask = left_padded(prompts, checkpoint.model.device)
        output = forward(checkpoint, tokens, mask, None, keep=1)
        return Prefilled(output.logits[:, -1], output.past_key_values, mask)
    return _prefill_shared(checkpoint, prompts, groups)


def _prefill_shared(
    checkpoint: Checkpoint, prompts: Sequence[Prompt], groups: Sequence[_Group]
) -> Prefilled:
    import torch

    device = checkpoint.model.device
    beginnings = [prompts[group.rows[0]][: group.length] for group in groups]
    first, first_mask = left_padded(beginnings, device)
    cache = forward(checkpoint, first, first_mask, None, keep=1).past_key_values
    group_of = {row: place for place, group in enumerate(groups) for row in group.rows}
    index = torch.tensor([group_of[row] for row in range(len(prompts))], device=device)
    cache.batch_select_indices(index)
    rest = [prompts[row][len(beginnings[group_of[row]]) :] for row in range(len(prompts))]
    second, second_mask = left_padded(rest, device)
    mask = torch.cat([first_mask[index], second_mask], dim=1)
    output = forward(checkpoint, second, mask, cache, keep=1)
    return Prefilled(output.logits[:, -1], output.past_key_values, mask)


def shared_beginnings(prompts: Sequence[Prompt]) -> list[_Group]:
    """Groups of prompts with a common beginning; every prompt keeps at least its last token.

    In lexicographic order neighbours share most; a group ends where the next prompt would cost it
    more than half of what its members share.
    """
    order = sorted(range(len(prompts)), key=lambda row: tuple(prompts[row]))
    groups: list[_Group] = []
    for row in order:
        longest = len(prompts[row]) - 1
        if groups:
            last = groups[-1]
            common = min(_common(prompts[last.rows[0]], prompts[row]), last.length, longest)
            alone = len(last.rows) == 1
            if common >= LEAST_TOKENS and (alone or 2 * common >= last.length):
                groups[-1] = _Group([*last.rows, row], common)
                continue
        groups.append(_Group([row], longest))
    return groups


def _common(one: Prompt, other: Prompt) -> int:
    length = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        length += 1
    return length
