"""What reinforcement learning must not lose: a supervised loss on rows without attack, beside it.

Rows that a policy answers rightly anyway earn the same in every completion, so the reward does not
hold them; this does. The "pretraining mix" of Ouyang et al. 2022 (eq. 2, its gamma), with rows of
the skills that are to be kept instead of the pretraining corpus.
"""

import random
from collections.abc import Sequence
from typing import Any

from temper.training.processes import place_and_count
from temper.training.rows import MASKED, Row, tokens_of

CURVE = "kept/loss"


def keeping(
    kind: type[Any], rows: Sequence[Row], tokenizer: Any, weight: float, count: int, seed: int
) -> type[Any]:
    """A TRL trainer class whose loss also holds the likelihood of the rows' answers.

    Args:
        kind: the trainer class.
        rows: drawn from in a seeded order, anew for every update; the same after a stop.
        tokenizer: the policy's.
        weight: of the mean negative log-likelihood per token of the answers, in nats.
        count: rows of an update, in every process.
        seed: of the draws.
    """
    encoded = [tokens_of(tokenizer, row, row.answer) for row in rows]

    class Keeping(kind):
        def compute_loss(self, model: Any, inputs: Any, *rest: Any, **named: Any) -> Any:
            loss = super().compute_loss(model, inputs, *rest, **named)
            place, _ = place_and_count()
            rng = random.Random(f"{seed}/kept/{self.state.global_step}/{place}")
            drawn = rng.sample(encoded, min(count, len(encoded)))
            kept = _likelihood_loss(model, drawn, tokenizer.pad_token_id)
            self._metrics["train"][CURVE].append(float(kept.detach()))
            # the update adds up over parts of a batch, and TRL divides its own loss by their number
            return loss + weight * kept / self.current_gradient_accumulation_steps

    return Keeping


def _likelihood_loss(model: Any, drawn: Sequence[tuple[list[int], list[int]]], pad: int) -> Any:
    import torch

    longest = max(len(prompt) + len(answer) for prompt, answer in drawn)
    ids = torch.full((len(drawn), longest), pad, device=model.device)
    labels = torch.full_like(ids, MASKED)
    mask = torch.zeros_like(ids)
    for place, (prompt, answer) in enumerate(drawn):
        end = len(prompt) + len(answer)
        ids[place, :end] = torch.tensor([*prompt, *answer])
        labels[place, len(prompt) : end] = torch.tensor(answer)
        mask[place, :end] = 1
    return model(input_ids=ids, attention_mask=mask, labels=labels).loss
