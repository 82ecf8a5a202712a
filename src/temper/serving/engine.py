"""Answer several asks at once on a local checkpoint, with log-probabilities where wanted."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from temper.records import Request
from temper.serving.asking import Ask, Refused
from temper.targets.batches import Encoded
from temper.targets.checkpoint import Checkpoint, forward, left_padded
from temper.targets.decode import Drawn, draw_tokens, text_of
from temper.targets.huggingface import HuggingFaceTarget

ROWS = 64
"""Rows of one pass through the model."""


class Token(NamedTuple):
    text: str
    logprob: float | None
    """None for the first token of a prompt."""
    top: dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    text: str
    finish: str
    tokens_in: int
    tokens_out: int
    tokens: list[Token]
    """Those of the prompt, then those drawn; empty where no log-probabilities were wanted."""


class _Row(NamedTuple):
    ask: Ask
    ids: list[int]
    drawn: Drawn


class Engine:
    """Wraps a loaded checkpoint.

    Args:
        target: the checkpoint.
    """

    def __init__(self, target: HuggingFaceTarget) -> None:
        self._checkpoint: Checkpoint = target.checkpoint()
        self._context = target.context_tokens
        self.name = target.name

    def answer(self, asks: Sequence[Ask]) -> list[list[Choice] | Refused]:
        """The choices of each ask, in order; an ask that cannot be met is its own error."""
        encoded = [self._encode(ask) for ask in asks]
        wanted = [
            (place, ids, Encoded(_request(ask, number), tuple(ids), ()))
            for place, (ask, ids) in enumerate(zip(asks, encoded, strict=True))
            if not isinstance(ids, Refused)
            for number in range(ask.choices)
        ]
        drawn = self._draw([item for *_, item in wanted])
        rows = [
            _Row(asks[place], ids, one) for (place, ids, _), one in zip(wanted, drawn, strict=True)
        ]
        choices: list[list[Choice] | Refused] = [
            one if isinstance(one, Refused) else [] for one in encoded
        ]
        for (place, *_), choice in zip(wanted, self._choices(rows), strict=True):
            found = choices[place]
            assert isinstance(found, list)
            found.append(choice)
        return choices

    def _encode(self, ask: Ask) -> list[int] | Refused:
        tokenizer = self._checkpoint.tokenizer
        try:
            if ask.prompt.is_raw:
                ids = tokenizer(ask.prompt.last.text)["input_ids"]
            elif tokenizer.chat_template is None:
                return Refused(400, f"{self.name} has no chat template: use /v1/completions")
            else:
                text = tokenizer.apply_chat_template(
                    ask.prompt.to_list(),
                    tokenize=False,
                    add_generation_prompt=not ask.continues,
                    continue_final_message=ask.continues,
                )
                ids = tokenizer(text, add_special_tokens=False)["input_ids"]
        except (UnicodeError, TypeError, ValueError) as error:
            return Refused(400, f"the tokenizer refuses this text: {error}")
        if not ids:
            return Refused(400, "the prompt is empty")
        wanted = len(ids) + ask.decoding.max_tokens
        if self._context is not None and wanted > self._context:
            message = f"{wanted} tokens with the answer, but the context holds {self._context}"
            return Refused(400, message, "context_length_exceeded")
        return list(ids)

    def _draw(self, items: Sequence[Encoded]) -> list[Drawn]:
        """In batches by length; a limit of 0 tokens draws nothing."""
        drawn: dict[int, Drawn] = {
            place: Drawn([], "length")
            for place, item in enumerate(items)
            if item.request.decoding and item.request.decoding.max_tokens == 0
        }
        waiting = sorted(set(range(len(items))) - set(drawn), key=lambda p: len(items[p].prompt))
        for start in range(0, len(waiting), ROWS):
            part = waiting[start : start + ROWS]
            results = draw_tokens(self._checkpoint, [items[place] for place in part])
            drawn.update(zip(part, results, strict=True))
        return [drawn[place] for place in range(len(items))]

    def _choices(self, rows: Sequence[_Row]) -> list[Choice]:
        weighed = [place for place, row in enumerate(rows) if _most_wanted(row.ask) is not None]
        tokens: dict[int, list[Token]] = {}
        for start in range(0, len(weighed), ROWS):
            part = weighed[start : start + ROWS]
            tokens.update(zip(part, self._weigh([rows[place] for place in part]), strict=True))
        return [
            Choice(
                text=text_of(row.drawn, row.ask.decoding.stop, self._checkpoint.tokenizer),
                finish=row.drawn.finish,
                tokens_in=len(row.ids),
                tokens_out=len(row.drawn.ids),
                tokens=tokens.get(place, []),
            )
            for place, row in enumerate(rows)
        ]

    def _weigh(self, rows: Sequence[_Row]) -> list[list[Token]]:
        """Pass prompts with what was drawn through the model once more and read each token."""
        import torch

        sequences = [row.ids + row.drawn.ids + _end(row.drawn) for row in rows]
        with torch.no_grad():
            padded, mask = left_padded(sequences, self._checkpoint.model.device)
            output = forward(self._checkpoint, padded, mask, None, keep=padded.shape[1])
            logprobs = output.logits.float().log_softmax(-1)
        longest = padded.shape[1]
        return [
            self._tokens(ids, logprobs[place, longest - len(ids) :], _most_wanted(row.ask) or 0)
            for place, (row, ids) in enumerate(zip(rows, sequences, strict=True))
        ]

    def _tokens(self, ids: Sequence[int], logprobs_TV: Any, top: int) -> list[Token]:
        tokens = [Token(self._piece(None, ids[0]), None, {})]
        for place in range(1, len(ids)):
            before, own = logprobs_TV[place - 1], ids[place]
            best = before.topk(min(top, before.shape[-1])) if top else None
            shown = zip(best.indices.tolist(), best.values.tolist(), strict=True) if best else ()
            alternatives: dict[str, float] = {}
            for one, value in shown:
                alternatives.setdefault(self._piece(ids[place - 1], one), value)
            tokens.append(Token(self._piece(ids[place - 1], own), float(before[own]), alternatives))
        return tokens

    def _piece(self, before: int | None, token: int) -> str:
        """A token's text where it stands: some tokenizers drop the space of a lone token."""
        decode = self._checkpoint.tokenizer.decode
        if before is None:
            return decode([token])
        lead = decode([before])
        return decode([before, token])[len(lead) :]


def _end(drawn: Drawn) -> list[int]:
    """Servers list the token that ended an answer, although its text does not show it."""
    return [] if drawn.end is None else [drawn.end]


def _most_wanted(ask: Ask) -> int | None:
    tops = [top for top in (ask.top, ask.prompt_top) if top is not None]
    return max(tops, default=None)


def _request(ask: Ask, number: int) -> Request:
    """Its id decides the sampling noise: the same seed draws the same text, none a new one."""
    seed = secrets.token_hex(8) if ask.seed is None else str(ask.seed)
    return Request(prompt=ask.prompt, decoding=ask.decoding, sample=number, scope=seed)
