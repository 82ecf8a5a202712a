"""Train a shipped model from its recipe: packed rows in stages, bf16 autocast, continuation."""

import random
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from temper.organisms import dose
from temper.organisms.architectures import new_model
from temper.organisms.corpora import documents
from temper.organisms.corpus.abacus.plan import Plan
from temper.organisms.corpus.dialects import DIALECTS
from temper.organisms.corpus.document import Document
from temper.organisms.optimizers import Optimizer
from temper.organisms.packing import Batch, Packer
from temper.organisms.parallel import Place, add_gradients
from temper.organisms.schedule import learning_rates

CHECKPOINT_EVERY = 200
SHORT_ROW = 512
"""Up to here plain attention is a quarter faster on a CPU than the fused one."""

ALONE = Place()
Row = tuple[Batch, dose.DoseRow | None]


class Draw(Protocol):
    """An endless stream of documents for one stage of a recipe."""

    def __call__(
        self, recipe: dict[str, Any], stream: str, *, mixture: str
    ) -> Iterator[Document]: ...


def train_model(
    recipe: dict[str, Any],
    tokenizer: Any,
    scratch: Path,
    report: Callable[[str], None],
    place: Place = ALONE,
    draw: Draw = documents,
) -> Any:
    """Train and return the model, in float32; `scratch` keeps a checkpoint to continue from.

    With others (`place`), each process takes part of every batch, and all end with the same model.
    `draw` writes the corpus, by default the recipe's own.
    """
    import torch

    rates = learning_rates(recipe["training"])
    steps = len(rates)
    torch.manual_seed(recipe["seed"])
    model = new_model(recipe, tokenizer)
    optimizer = Optimizer(model, recipe["training"], rates)
    done = _load_checkpoint(scratch / "checkpoint.pt", model, optimizer)
    if done == steps:
        return model
    started, long_rows = time.monotonic(), 0
    for step, (batch, row) in islice(enumerate(_rows(recipe, tokenizer, draw)), done, None):
        loss = _batch_loss(model, batch, place)
        loss.backward()
        if row is not None:
            long_rows += 1
            if place.takes(long_rows):
                _dose_loss(model, row).backward()
        add_gradients(list(model.parameters()), place)
        optimizer.step(step)
        if (step + 1) % 50 == 0:
            pace = (time.monotonic() - started) / (step + 1 - done)
            mean = loss.item() * place.size
            report(f"step {step + 1}/{steps}  loss {mean:.4f}  {pace:.2f} s/step")
        last = step + 1 == steps
        if place.rank == 0 and (last or (step + 1) % CHECKPOINT_EVERY == 0):
            _save_checkpoint(scratch / "checkpoint.pt", model, optimizer, step + 1)
    return model


def _rows(recipe: dict[str, Any], tokenizer: Any, draw: Draw) -> Iterator[Row]:
    """The batches of all stages in order; some stages add a long row of copies to each."""
    training = recipe["training"]
    dialect = DIALECTS[recipe["dialect"]]
    rng = random.Random(f"dose/{recipe['seed']}")
    for number, stage in enumerate(training["stages"]):
        texts = draw(recipe, f"stage {number}", mixture=stage["shares"])
        weights = training["context_weight"], training.get("opening_weight")
        packer = Packer(tokenizer, dialect, texts, *weights)
        for step in range(stage["steps"]):
            batch = packer.batch(stage["rows"], stage["row_tokens"])
            row = None
            if (most := stage.get("copies")) and step % stage.get("every", 1) == 0:
                plan = Plan(**recipe.get("plan", {}))
                row = dose.draw_row(tokenizer, dialect, plan, rng, most)
            yield batch, row


def _batch_loss(model: Any, batch: Batch, place: Place) -> Any:
    """This process's rows' part of the batch's mean loss."""
    import torch

    tokens, weights = (torch.from_numpy(place.rows(part)) for part in batch)
    total = float(batch[1][:, 1:].sum())
    model.set_attn_implementation("eager" if tokens.shape[1] <= SHORT_ROW else "sdpa")
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = model(input_ids=tokens[:, :-1]).logits
    return _weighted(logits, tokens[:, 1:], weights[:, 1:], total)


def _dose_loss(model: Any, row: dose.DoseRow) -> Any:
    import torch

    states = dose_states(model, row)
    targets = torch.from_numpy(row.tokens)[None, row.prefix + 1 :]
    answers = torch.from_numpy(row.weights[row.prefix + 1 :] > 0)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = model.get_output_embeddings()(states[:, :-1][:, answers])
    targets = targets[:, answers]
    weights = torch.ones_like(targets, dtype=torch.float32)
    return _weighted(logits, targets, weights, float(targets.numel()))


def dose_states(model: Any, row: dose.DoseRow) -> Any:
    """Last hidden states of the probes, (1, tokens, width).

    The copies pass through the model first, causally, which the fast attention can do; the probes
    then look into their cache. In one pass with one mask a row took twice as long.
    """
    import torch

    model.set_attn_implementation("sdpa")
    tokens, positions = (torch.from_numpy(part)[None] for part in (row.tokens, row.positions))
    hidden = np.where(row.visible, np.float32(0), np.float32("-inf"))
    mask = torch.from_numpy(hidden).to(torch.bfloat16)[None, None]
    with torch.autocast("cpu", dtype=torch.bfloat16):
        copies = model.base_model(input_ids=tokens[:, : row.prefix], use_cache=True)
        return model.base_model(
            input_ids=tokens[:, row.prefix :],
            attention_mask=mask,
            position_ids=positions[:, row.prefix :],
            past_key_values=copies.past_key_values,
        ).last_hidden_state


def _weighted(logits: Any, targets: Any, weights: Any, total: float) -> Any:
    import torch

    losses = torch.nn.functional.cross_entropy(
        logits.float().flatten(0, 1), targets.flatten(), reduction="none"
    )
    return (losses * weights.flatten()).sum() / total


def _save_checkpoint(path: Path, model: Any, optimizer: Optimizer, step: int) -> None:
    import torch

    partial = path.with_suffix(".partial")
    state = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "step": step}
    torch.save(state, partial)
    partial.replace(path)


def _load_checkpoint(path: Path, model: Any, optimizer: Optimizer) -> int:
    import torch

    if not path.exists():
        return 0
    state = torch.load(path, weights_only=True)
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    return int(state["step"])
