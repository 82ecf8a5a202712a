"""The sampling loop of the local target.

Sampling noise is drawn from (request id, step), so neither batch size, order nor continuing changes
a text.
"""

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from temper.records import Reply, Request
from temper.targets.batches import Encoded
from temper.targets.checkpoint import Checkpoint, forward
from temper.targets.prefixes import prefill
from temper.targets.sampling import Sampling, forbid_repeats, resolve, truncated


def noise(request_id: str, steps: int) -> NDArray[np.float64]:
    """Uniform numbers in [0, 1), one a step, from the request's id alone."""
    return np.random.Generator(np.random.Philox(key=int(request_id, 16) % 2**128)).random(steps)


class Drawn(NamedTuple):
    """The tokens that continue one prompt."""

    ids: list[int]
    finish: Literal["stop", "length"]
    end: int | None = None
    """The token that ended the answer; no part of it."""


def draw_texts(checkpoint: Checkpoint, batch: Sequence[Encoded]) -> list[Reply]:
    """Continue every prompt of the batch."""
    drawn = draw_tokens(checkpoint, batch)
    return [_reply(item, one, checkpoint) for item, one in zip(batch, drawn, strict=True)]


def draw_tokens(checkpoint: Checkpoint, batch: Sequence[Encoded]) -> list[Drawn]:
    """Continue every prompt of the batch; rows that are done leave it."""
    import torch

    model = checkpoint.model
    settings = [_settings(item.request, model) for item in batch]
    steps = max(setting.max_tokens for setting in settings)
    draws_BT = np.stack(
        [
            np.pad(noise(item.request.id, setting.max_tokens), (0, steps - setting.max_tokens))
            for item, setting in zip(batch, settings, strict=True)
        ]
    )
    written: list[list[int]] = [[] for _ in batch]
    finish: list[Literal["stop", "length"]] = ["length"] * len(batch)
    ends: list[int | None] = [None] * len(batch)
    alive = list(range(len(batch)))
    with torch.no_grad():
        logits, cache, mask = prefill(checkpoint, [item.prompt for item in batch])
        for step in range(steps):
            here = [settings[row] for row in alive]
            logits = logits.float()
            if any(setting.no_repeat for setting in here):
                texts = [[*batch[row].prompt, *written[row]] for row in alive]
                logits = forbid_repeats(logits, here, texts)
            chosen = _choose(logits, here, draws_BT[alive, step])
            keep: list[int] = []
            for place, row in enumerate(alive):
                done = _take(written[row], chosen[place], settings[row], checkpoint)
                if done:
                    finish[row] = done
                    ends[row] = chosen[place] if chosen[place] in checkpoint.ends else None
                elif len(written[row]) < settings[row].max_tokens:
                    keep.append(place)
            if not keep:
                break
            index = torch.tensor(keep, device=model.device)
            if len(keep) < len(alive):
                cache.batch_select_indices(index)
                mask = mask[index]
            alive = [alive[place] for place in keep]
            mask = torch.cat([mask, mask.new_ones(len(keep), 1)], dim=1)
            step_tokens = torch.tensor([[chosen[place]] for place in keep], device=model.device)
            output = forward(checkpoint, step_tokens, mask, cache, keep=1)
            logits, cache = output.logits[:, -1], output.past_key_values
    return [Drawn(*row) for row in zip(written, finish, ends, strict=True)]


def _settings(request: Request, model: Any) -> Sampling:
    assert request.decoding is not None
    return resolve(request.decoding, model.generation_config)


def _choose(
    logits_BV: Any, settings: Sequence[Sampling], draws_B: NDArray[np.float64]
) -> list[int]:
    """One token a row: the likeliest, or by inverting the distribution at the row's draw."""
    import torch

    greedy = torch.tensor([setting.temperature == 0 for setting in settings])
    if greedy.all():
        return logits_BV.argmax(-1).tolist()
    warm = torch.tensor([setting.temperature or 1.0 for setting in settings]).to(logits_BV)
    scaled = truncated(logits_BV / warm[:, None], settings)
    cumulative = scaled.softmax(-1).cumsum(-1)
    total = cumulative[:, -1]
    # a draw of almost 1 rounds up to the total, behind which only tokens of probability 0 stand
    below = total.nextafter(torch.zeros_like(total))
    points = (torch.from_numpy(draws_B).to(cumulative) * total).minimum(below)
    drawn = torch.searchsorted(cumulative, points[:, None], right=True)[:, 0]
    if greedy.any():
        drawn = torch.where(greedy.to(drawn.device), logits_BV.argmax(-1), drawn)
    return drawn.tolist()


def _take(
    written: list[int], token: int, setting: Sampling, checkpoint: Checkpoint
) -> Literal["stop"] | None:
    """Append a token, unless it ends the answer; "stop" when the answer is over."""
    if token in checkpoint.ends:
        return "stop"
    written.append(token)
    if setting.stop:
        text = checkpoint.tokenizer.decode(written, skip_special_tokens=True)
        if any(stop in text for stop in setting.stop):
            return "stop"
    return None


def _reply(item: Encoded, drawn: Drawn, checkpoint: Checkpoint) -> Reply:
    assert item.request.decoding is not None
    prompt = item.request.prompt
    behind = item.prompt if prompt.is_raw and prompt.last.text else ()
    return Reply(
        request_id=item.request.id,
        text=text_of(drawn, item.request.decoding.stop, checkpoint.tokenizer, behind),
        finish=drawn.finish,
        tokens_in=len(item.prompt),
        tokens_out=len(drawn.ids),
    )


def text_of(drawn: Drawn, stop: Sequence[str], tokenizer: Any, behind: Sequence[int] = ()) -> str:
    """What was drawn as text, cut before the first stop string.

    Behind the tokens of a raw prompt with the space that some tokenizers drop.
    """
    text: str = tokenizer.decode(drawn.ids, skip_special_tokens=True)
    if behind:
        tail = list(behind[-2:])
        before: str = tokenizer.decode(tail, skip_special_tokens=True)
        joined: str = tokenizer.decode([*tail, *drawn.ids], skip_special_tokens=True)
        text = joined[len(before) :] if joined.startswith(before) else text
    cuts = [text.index(end) for end in stop if end in text]
    return text[: min(cuts)] if cuts else text
