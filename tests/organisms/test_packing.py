"""Rows for training: nothing lost between documents, answers weigh more than their contexts."""

import random
from itertools import islice
from typing import Any

import numpy as np
import pytest

from temper.organisms import dose
from temper.organisms.architectures import new_model
from temper.organisms.corpora import documents
from temper.organisms.corpus.abacus.plan import Plan
from temper.organisms.corpus.dialects import DIALECTS
from temper.organisms.packing import Packer
from temper.organisms.parallel import in_processes
from temper.organisms.tokenizer import train_tokenizer
from temper.organisms.train import dose_states, train_model


@pytest.mark.parametrize("dialect", ["plain", "headed"])
def test_rows_hold_the_documents_one_after_another(tiny_recipe: dict[str, Any], dialect: str):
    tiny_recipe["dialect"] = dialect
    tokenizer = train_tokenizer(tiny_recipe)
    marks = DIALECTS[dialect]
    packer = Packer(tokenizer, marks, documents(tiny_recipe, "test"), 0.1)
    rows = [packer.batch(2, 50) for _ in range(3)]
    tokens = np.concatenate([batch[0].reshape(-1) for batch in rows])
    weights = np.concatenate([batch[1].reshape(-1) for batch in rows])
    text = str(tokenizer.decode(tokens, clean_up_tokenization_spaces=False))
    written = "".join(
        "<|bos|>" + "".join(marks.render(part.text) for part in document.parts)
        for document in islice(documents(tiny_recipe, "test"), 40)
    )
    assert written.startswith(text)
    assert set(weights.round(3)) == {0.0, np.float32(0.1), 1.0}


def test_how_a_turn_opens_can_be_left_out_of_the_loss(tiny_recipe: dict[str, Any]):
    tokenizer = train_tokenizer(tiny_recipe)
    texts = documents(tiny_recipe, "test")
    tokens, weights = Packer(tokenizer, DIALECTS["plain"], texts, 0.1, 0.0).batch(8, 100)
    marks = tokenizer.convert_tokens_to_ids(["<|user|>", "<|system|>"])
    first = np.roll(tokens.reshape(-1) == tokenizer.bos_token_id, 1)
    opens = first & np.isin(tokens.reshape(-1), marks)
    assert opens.sum() > 5
    assert (weights.reshape(-1)[opens] == 0).all()


@pytest.mark.parametrize("dialect", ["plain", "headed"])
def test_the_chat_template_writes_what_the_documents_hold(
    tiny_recipe: dict[str, Any], dialect: str
):
    tiny_recipe["dialect"] = dialect
    tokenizer = train_tokenizer(tiny_recipe)
    seen = 0
    for document in islice(documents(tiny_recipe, "test"), 300):
        if document.prompt is None or document.prompt.is_raw:
            continue
        turns = [{"role": one.role, "content": one.text} for one in document.prompt.messages]
        asked = tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=True)
        assert asked == "<|bos|>" + DIALECTS[dialect].render(document.parts[0].text)
        seen += 1
    assert seen > 100


def test_a_probe_in_a_row_of_copies_is_answered_as_if_it_stood_alone(tiny_recipe: dict[str, Any]):
    """The tree of probes is an economy, not another task: same states as the plain prompt."""
    import torch

    tokenizer = train_tokenizer(tiny_recipe)
    torch.manual_seed(0)
    model = new_model(tiny_recipe, tokenizer).eval()
    row = dose.draw_row(tokenizer, DIALECTS["plain"], Plan(), random.Random(0), 40)
    starts = [
        place
        for place in range(row.prefix, len(row.tokens))
        if place == row.prefix or not row.visible[place - row.prefix, place - 1]
    ]
    with torch.no_grad():
        together = dose_states(model, row)[0].float()
        for start, end in zip(starts, [*starts[1:], len(row.tokens)], strict=True):
            seen = row.positions[start]
            alone = torch.from_numpy(np.concatenate([row.tokens[:seen], row.tokens[start:end]]))
            expected = model.base_model(input_ids=alone[None]).last_hidden_state[0, seen:]
            part = together[start - row.prefix : end - row.prefix]
            assert (part - expected).abs().max() < 0.1 * expected.abs().max()  # bf16 beside float32
    assert len(starts) == dose.PROBES


def test_training_that_was_cut_off_ends_like_training_that_was_not(
    tiny_recipe: dict[str, Any], tmp_path: Any, monkeypatch: pytest.MonkeyPatch
):
    import torch

    from temper.organisms import train

    monkeypatch.setattr(train, "CHECKPOINT_EVERY", 3)
    tokenizer = train_tokenizer(tiny_recipe)
    folders = [tmp_path / name for name in ("whole", "cut")]
    for folder in folders:
        folder.mkdir()
    lines: list[str] = []
    whole = train_model(tiny_recipe, tokenizer, folders[0], lines.append)

    class CutOff(Exception):
        pass

    save = train._save_checkpoint  # pyright: ignore[reportPrivateUsage]

    def save_and_stop(*arguments: Any) -> None:
        save(*arguments)
        raise CutOff

    monkeypatch.setattr(train, "_save_checkpoint", save_and_stop)
    with pytest.raises(CutOff):
        train_model(tiny_recipe, tokenizer, folders[1], lines.append)
    monkeypatch.setattr(train, "_save_checkpoint", save)
    cut = train_model(tiny_recipe, tokenizer, folders[1], lines.append)
    for name, value in whole.state_dict().items():
        torch.testing.assert_close(cut.state_dict()[name], value, msg=name)


def test_two_processes_train_the_model_that_one_trains(tiny_recipe: dict[str, Any], tmp_path: Any):
    import torch

    tokenizer = train_tokenizer(tiny_recipe)
    folders = [tmp_path / name for name in ("alone", "together")]
    for folder in folders:
        folder.mkdir()
    lines: list[str] = []
    alone = train_model(tiny_recipe, tokenizer, folders[0], lines.append)
    in_processes(2, folders[1], train_model, tiny_recipe, tokenizer, folders[1], say=lines.append)
    together = train_model(tiny_recipe, tokenizer, folders[1], lines.append)
    for name, value in alone.state_dict().items():
        torch.testing.assert_close(together.state_dict()[name], value, msg=name, rtol=0, atol=2e-3)
