"""The inner loops of the local target: draw answers, weigh answers, read hidden states.

Sampling noise is drawn from (request id, step), so neither batch size, order nor continuing changes
a text.
"""

import inspect
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from temper.records import Decoding, Reply, Request
from temper.targets.batches import Encoded

if TYPE_CHECKING:
    import torch


class Checkpoint(NamedTuple):
    """A loaded model and what the loops need to know about its tokens."""

    model: Any
    tokenizer: Any
    ends: frozenset[int]
    """Tokens that end an answer."""
    word_ends: Any
    """(vocabulary,) booleans: can this token follow a finished word?"""
    takes_positions: bool
    """Whether the architecture is told positions; the others read them off the mask."""

    @classmethod
    def of(cls, model: Any, tokenizer: Any) -> "Checkpoint":
        parameters = inspect.signature(model.forward).parameters
        return cls(
            model,
            tokenizer,
            _end_tokens(model, tokenizer),
            _ends_word(model, tokenizer),
            "position_ids" in parameters,
        )


class Sampling(NamedTuple):
    """One request's settings after the target's own defaults have been filled in."""

    temperature: float
    """0 is greedy."""
    top_p: float
    top_k: int
    stop: tuple[str, ...]
    max_tokens: int


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
        temperature, float(top_p or 1.0), int(top_k or 0), decoding.stop, decoding.max_tokens
    )


def noise(request_id: str, steps: int) -> NDArray[np.float64]:
    """Uniform numbers in [0, 1), one a step, from the request's id alone."""
    return np.random.Generator(np.random.Philox(key=int(request_id, 16) % 2**128)).random(steps)


def draw_texts(checkpoint: Checkpoint, batch: Sequence[Encoded]) -> list[Reply]:
    """Continue every prompt of the batch; rows that are done leave it."""
    import torch

    model, tokenizer = checkpoint.model, checkpoint.tokenizer
    settings = [_settings(item.request, model) for item in batch]
    steps = max(setting.max_tokens for setting in settings)
    draws_BT = np.stack(
        [
            np.pad(noise(item.request.id, setting.max_tokens), (0, steps - setting.max_tokens))
            for item, setting in zip(batch, settings, strict=True)
        ]
    )
    written: list[list[int]] = [[] for _ in batch]
    finish = ["length"] * len(batch)
    alive = list(range(len(batch)))
    with torch.no_grad():
        tokens, mask = _left_padded([item.prompt for item in batch], model.device)
        output = _forward(checkpoint, tokens, mask, None, keep=1)
        for step in range(steps):
            chosen = _choose(
                output.logits[:, -1].float(),
                [settings[row] for row in alive],
                draws_BT[alive, step],
            )
            keep: list[int] = []
            for place, row in enumerate(alive):
                done = _take(written[row], chosen[place], settings[row], checkpoint)
                if done:
                    finish[row] = done
                elif len(written[row]) < settings[row].max_tokens:
                    keep.append(place)
            if not keep:
                break
            index = torch.tensor(keep, device=model.device)
            cache = output.past_key_values
            if len(keep) < len(alive):
                cache.batch_select_indices(index)
                mask = mask[index]
            alive = [alive[place] for place in keep]
            mask = torch.cat([mask, mask.new_ones(len(keep), 1)], dim=1)
            step_tokens = torch.tensor([[chosen[place]] for place in keep], device=model.device)
            output = _forward(checkpoint, step_tokens, mask, cache, keep=1)
    return [
        _drawn(item, ids, setting, reason, tokenizer)
        for item, ids, setting, reason in zip(batch, written, settings, finish, strict=True)
    ]


def weigh_answers(checkpoint: Checkpoint, batch: Sequence[Encoded]) -> list[Reply]:
    """Log-probability of each answer as a whole: its tokens, and then no letter or digit more.

    Without that end, "1" would be at least as likely as "12". The prompt passes through the model
    once however many answers are weighed.
    """
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
        tokens, mask = _left_padded([item.prompt for item in batch], model.device)
        output = _forward(checkpoint, tokens, mask, None, keep=1)
        first = output.logits[:, -1].float().log_softmax(-1)
        cache = output.past_key_values
        cache.batch_repeat_interleave(many)
        answers = torch.from_numpy(ids.reshape(-1, longest)).to(model.device)
        shown = torch.from_numpy(valid.reshape(-1, longest)).to(model.device)
        wide_mask = torch.cat([mask.repeat_interleave(many, 0), shown.to(mask.dtype)], dim=1)
        logits = _forward(checkpoint, answers, wide_mask, cache, keep=longest).logits.float()
        later = logits.log_softmax(-1)
        before = torch.cat([first.repeat_interleave(many, 0)[:, None], later[:, :-1]], dim=1)
        each = before.gather(-1, answers[..., None])[..., 0].masked_fill(~shown, 0.0).sum(-1)
        last = (shown.sum(-1) - 1).clamp(min=0)
        ending = later[torch.arange(len(last)), last]
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


def mean_states(
    checkpoint: Checkpoint, texts: Sequence[str], context: int | None
) -> NDArray[np.float32]:
    """Masked mean of the last layer, (texts, features); long texts are cut at the context."""
    import torch

    model, tokenizer = checkpoint.model, checkpoint.tokenizer
    rows: list[Any] = []
    with torch.no_grad():
        for start in range(0, len(texts), 64):
            part = list(texts[start : start + 64])
            prompts = [tokenizer(text)["input_ids"][:context] or [0] for text in part]
            tokens, mask = _left_padded(prompts, model.device)
            states = model(
                input_ids=tokens, attention_mask=mask, output_hidden_states=True
            ).hidden_states[-1]
            weight = mask[..., None].to(states.dtype)
            rows.append(((states * weight).sum(1) / weight.sum(1)).float().cpu().numpy())
    return np.concatenate(rows) if rows else np.zeros((0, model.config.hidden_size), np.float32)


def _settings(request: Request, model: Any) -> Sampling:
    assert request.decoding is not None
    return resolve(request.decoding, model.generation_config)


def _left_padded(
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


def _forward(checkpoint: Checkpoint, tokens: Any, mask: Any, cache: Any, *, keep: int) -> Any:
    options: dict[str, Any] = {}
    if checkpoint.takes_positions:
        positions = (mask.cumsum(-1) - 1).clamp(min=0)
        options["position_ids"] = positions[:, -tokens.shape[1] :]
    return checkpoint.model(
        input_ids=tokens,
        attention_mask=mask,
        past_key_values=cache,
        use_cache=True,
        logits_to_keep=keep,
        **options,
    )


def _choose(
    logits_BV: Any, settings: Sequence[Sampling], draws_B: NDArray[np.float64]
) -> list[int]:
    """One token a row: the likeliest, or by inverting the distribution at the row's draw."""
    import torch

    greedy = logits_BV.argmax(-1)
    if all(setting.temperature == 0 for setting in settings):
        return greedy.tolist()
    warm = torch.tensor([setting.temperature or 1.0 for setting in settings]).to(logits_BV)
    scaled = _truncated(logits_BV / warm[:, None], settings)
    cumulative = scaled.double().softmax(-1).cumsum(-1)
    points = torch.from_numpy(draws_B).to(cumulative) * cumulative[:, -1]
    drawn = torch.searchsorted(cumulative, points[:, None], right=True)[:, 0]
    drawn = drawn.clamp(max=logits_BV.shape[-1] - 1)
    is_greedy = torch.tensor([setting.temperature == 0 for setting in settings]).to(drawn.device)
    return torch.where(is_greedy, greedy, drawn).tolist()


def _truncated(logits_BV: Any, settings: Sequence[Sampling]) -> Any:
    """Top-k and nucleus limits, row by row where any row wants them."""
    import torch

    for row, setting in enumerate(settings):
        if 0 < setting.top_k < logits_BV.shape[-1]:
            least = logits_BV[row].topk(setting.top_k).values[-1]
            logits_BV[row][logits_BV[row] < least] = -torch.inf
        if setting.top_p < 1:
            ordered, order = logits_BV[row].sort(descending=True)
            mass = ordered.softmax(-1).cumsum(-1) - ordered.softmax(-1)
            logits_BV[row][order[mass >= setting.top_p]] = -torch.inf
    return logits_BV


def _take(written: list[int], token: int, setting: Sampling, checkpoint: Checkpoint) -> str | None:
    """Append a token, unless it ends the answer; "stop" when the answer is over."""
    if token in checkpoint.ends:
        return "stop"
    written.append(token)
    if setting.stop:
        text = checkpoint.tokenizer.decode(written, skip_special_tokens=True)
        if any(stop in text for stop in setting.stop):
            return "stop"
    return None


def _drawn(item: Encoded, ids: list[int], setting: Sampling, reason: str, tokenizer: Any) -> Reply:
    text = tokenizer.decode(ids, skip_special_tokens=True)
    cuts = [text.index(stop) for stop in setting.stop if stop in text]
    return Reply(
        request_id=item.request.id,
        text=text[: min(cuts)] if cuts else text,
        finish="stop" if reason == "stop" else "length",
        tokens_in=len(item.prompt),
        tokens_out=len(ids),
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
