"""Read a local model without sampling: weigh given answers, show hidden states."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from temper.protocols import Pooling
from temper.records import Reply
from temper.targets.batches import Encoded
from temper.targets.checkpoint import Checkpoint, forward, left_padded
from temper.targets.prefixes import Prefilled, prefill


def weigh_answers(checkpoint: Checkpoint, batch: Sequence[Encoded]) -> list[Reply]:
    """Log-probability of each answer as a whole: its tokens, and then no letter or digit more.

    Without that end, "1" would be at least as likely as "12". The prompt passes through the model
    once however many answers are weighed.
    """
    import torch

    with torch.no_grad():
        return weigh_behind(checkpoint, batch, prefill(checkpoint, [item.prompt for item in batch]))


def weigh_behind(
    checkpoint: Checkpoint, batch: Sequence[Encoded], prefilled: Prefilled
) -> list[Reply]:
    """The same for prompts that have passed through the model already; their cache is used up."""
    import torch

    model = checkpoint.model
    many = max(len(item.answers) for item in batch)
    longest = max(len(answer) for item in batch for answer in item.answers)
    ids = np.zeros((len(batch), many, longest), dtype=np.int64)
    valid = np.zeros((len(batch), many, longest), dtype=bool)
    for row, item in enumerate(batch):
        for column, answer in enumerate(item.answers):
            ids[row, column, : len(answer)] = answer
            valid[row, column, : len(answer)] = True
    with torch.no_grad():
        logits, cache, mask = prefilled
        first = logits.float().log_softmax(-1)
        cache.batch_repeat_interleave(many)
        answers = torch.from_numpy(ids.reshape(-1, longest)).to(model.device)
        shown = torch.from_numpy(valid.reshape(-1, longest)).to(model.device)
        wide_mask = torch.cat([mask.repeat_interleave(many, 0), shown.to(mask.dtype)], dim=1)
        logits = forward(checkpoint, answers, wide_mask, cache, keep=longest).logits.float()
        later = logits.log_softmax(-1)
        before = torch.cat([first.repeat_interleave(many, 0)[:, None], later[:, :-1]], dim=1)
        each = before.gather(-1, answers[..., None])[..., 0].masked_fill(~shown, 0.0).sum(-1)
        last = (shown.sum(-1) - 1).clamp(min=0)
        ending = later[torch.arange(len(last), device=last.device), last]
        whole = ending.masked_fill(~checkpoint.word_ends, -torch.inf).logsumexp(-1)
        total = (each + whole).reshape(len(batch), many).double().cpu().numpy()
    return [
        Reply(
            request_id=item.request.id,
            logprobs=tuple(round(float(value), 5) for value in total[row, : len(item.answers)]),
            finish="scored",
            tokens_in=len(item.prompt) + sum(map(len, item.answers)),
        )
        for row, item in enumerate(batch)
    ]


def pooled_states(
    checkpoint: Checkpoint, texts: Sequence[str], context: int | None, pooling: Pooling
) -> NDArray[np.float32]:
    """The last layer, (texts, features), by masked mean or by the last real token.

    Long texts are cut at the context.
    """
    import torch

    model, tokenizer = checkpoint.model, checkpoint.tokenizer
    rows: list[Any] = []
    with torch.no_grad():
        for start in range(0, len(texts), 64):
            part = list(texts[start : start + 64])
            prompts = [tokenizer(text)["input_ids"][:context] or [0] for text in part]
            tokens, mask = left_padded(prompts, model.device)
            states = model(
                input_ids=tokens, attention_mask=mask, output_hidden_states=True
            ).hidden_states[-1]
            weight = mask[..., None].to(states.dtype)
            if pooling == "last":
                pooled = states[:, -1]  # padding stands on the left
            else:
                pooled = (states * weight).sum(1) / weight.sum(1)
            rows.append(pooled.float().cpu().numpy())
    return np.concatenate(rows) if rows else np.zeros((0, model.config.hidden_size), np.float32)
