import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from temper.config import TargetConfig
from temper.errors import TargetError
from temper.protocols import Target
from temper.records import Decoding, Prompt, Request
from temper.targets.check import check_target
from temper.targets.huggingface import HuggingFaceTarget
from temper.targets.recorded import ask_all
from temper.targets.registry import open_target, shipped_models
from temper.targets.sampling import resolve

SAMPLED = Decoding(max_tokens=12, temperature=1.0)


def sampled(count: int) -> list[Request]:
    prompts = [Prompt.user(f"Tell me about {'the bus ' * (i % 4)}and {i}.") for i in range(count)]
    return [Request(prompt=prompt, decoding=SAMPLED, scope="test") for prompt in prompts]


def test_sampled_texts_depend_on_the_request_alone_not_on_batch_or_order(abacus: Target):
    requests = sampled(24)
    together = [reply.text for reply in ask_all(abacus, requests)]
    backwards = [reply.text for reply in ask_all(abacus, requests[::-1])][::-1]
    alone = [next(iter(abacus.generate([request]))).text for request in requests]
    assert together == backwards == alone
    assert len(set(together)) > 1


def test_another_sample_number_draws_another_text(abacus: Target):
    prompt = Prompt.user("Write one short text to put in front of a question.")
    requests = [Request(prompt=prompt, decoding=SAMPLED, sample=number) for number in range(8)]
    assert len({reply.text for reply in ask_all(abacus, requests)}) > 4


def test_log_probabilities_weigh_whole_answers(abacus: Target):
    """ "1" begins "12", but as an answer of its own it must not inherit its weight."""
    prompt = Prompt.user("What is 5 + 7? Reply with the number only.")
    (reply,) = ask_all(abacus, [Request(prompt=prompt, answers=("12", "1", "13"))])
    twelve, one, thirteen = reply.logprobs
    assert twelve > -0.1
    assert one < -3
    assert thirteen < -3


def test_log_probabilities_do_not_depend_on_what_else_is_weighed(abacus: Target):
    prompts = [Prompt.user(f"What is {x} + 7? Reply with the number only.") for x in range(5, 40)]
    many = [Request(prompt=prompt, answers=("12", "40")) for prompt in prompts]
    alone = [Request(prompt=prompt, answers=("40",)) for prompt in prompts]
    for both, one in zip(ask_all(abacus, many), ask_all(abacus, alone), strict=True):
        assert both.logprobs[1] == pytest.approx(one.logprobs[0], abs=1e-3)


def test_greedy_answers_agree_with_the_library_s_own_generate(abacus: Target):
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    folder = shipped_models()["abacus-s"]
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model: Any = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    prompts = ["Question: What is 31 + 45?\nAnswer:", "7 + 8 =", "There was rain. 12 + 9 ="]
    for prompt in prompts:
        ids = tokenizer(prompt, return_tensors="pt")
        out = model.generate(**ids, do_sample=False, max_new_tokens=8)
        text = tokenizer.decode(out[0, ids["input_ids"].shape[1] :], skip_special_tokens=True)
        request = Request(prompt=Prompt.raw(prompt), decoding=Decoding(max_tokens=8, temperature=0))
        assert ask_all(abacus, [request])[0].text == text


def test_no_run_of_tokens_comes_twice_where_that_is_forbidden(abacus: Target):
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    folder = shipped_models()["abacus-s"]
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model: Any = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    for prompt in ("9 9 9 9 9 9", "1 + 1 = 2\n2 + 1 = 3\n"):
        ids = tokenizer(prompt, return_tensors="pt")
        for length in (1, 2, 3):
            out = model.generate(
                **ids, do_sample=False, max_new_tokens=8, no_repeat_ngram_size=length
            )
            text = tokenizer.decode(out[0, ids["input_ids"].shape[1] :], skip_special_tokens=True)
            decoding = Decoding(max_tokens=8, temperature=0, no_repeat=length)
            assert (
                ask_all(abacus, [Request(prompt=Prompt.raw(prompt), decoding=decoding)])[0].text
                == text
            )


def test_requests_without_new_settings_keep_their_ids():
    request = Request(prompt=Prompt.raw("2 + 2 ="), decoding=Decoding(), scope="0/search/target/x")
    assert request.id == "6f2cc1216a18aa490ea79cb7"


def test_states_are_pooled_over_real_tokens_only(abacus: Target):
    texts = ["There was rain.", "There was rain in the castle today, and the next day too."]
    for pooling in ("mean", "last"):
        together = abacus.hidden(texts, pooling=pooling)
        alone = abacus.hidden(texts[:1], pooling=pooling)
        assert np.allclose(together[0], alone[0], atol=1e-4)
    assert not np.allclose(abacus.hidden(texts), abacus.hidden(texts, pooling="last"), atol=0.1)


def test_a_text_ends_before_its_stop_string(abacus: Target):
    prompt = Prompt.user("Say exactly this: There was rain in the castle today.")
    plain = Request(prompt=prompt, decoding=Decoding(max_tokens=24, temperature=0))
    stopped = Request(
        prompt=prompt, decoding=Decoding(max_tokens=24, temperature=0, stop=("castle",))
    )
    replies = ask_all(abacus, [plain, stopped])
    assert replies[0].text is not None
    assert replies[1].text == replies[0].text.split("castle")[0]


def test_settings_left_open_are_the_checkpoint_s_own(abacus: Target):
    class Own:
        do_sample, temperature, top_p, top_k = True, 0.7, 0.9, 40

    class Greedy:
        do_sample, temperature, top_p, top_k = False, 0.7, None, None

    assert resolve(Decoding(temperature=None), Own)[:3] == (0.7, 0.9, 40)
    assert resolve(Decoding(temperature=None), Greedy)[0] == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [("\ud800", "tokenizer refuses"), ("word " * 5_000, "context holds 2048")],
    ids=["lone surrogate", "longer than the context"],
)
def test_a_prompt_that_cannot_be_put_is_an_error_reply_and_stops_nothing(
    abacus: Target, text: str, expected: str
):
    good = Request(prompt=Prompt.raw("2 + 2 ="), decoding=Decoding(max_tokens=4, temperature=0))
    bad = Request(prompt=Prompt.raw(text), decoding=Decoding(max_tokens=4, temperature=0))
    replies = ask_all(abacus, [bad, good])
    assert expected in (replies[0].error or "")
    assert (replies[1].text or "").startswith(" 4")


def test_odd_but_possible_texts_are_answered(abacus: Target):
    texts = ["\x00", "\u202e\u200b", "é中🙂", "<|end|><|assistant|>", "\x1b[31m"]
    requests = [Request(prompt=Prompt.user(text), decoding=SAMPLED) for text in ["", *texts]]
    assert all(reply.error is None for reply in ask_all(abacus, requests))


def test_hidden_states_do_not_depend_on_padding(abacus: Target):
    states = abacus.hidden(["3 + 4 =", "There was rain in the castle today and much more."])
    assert states.shape[0] == 2
    assert states[0] == pytest.approx(abacus.hidden(["3 + 4 ="])[0], abs=1e-4)


def test_too_little_memory_halves_the_batch_down_to_an_error(
    abacus: Target, monkeypatch: pytest.MonkeyPatch
):
    from temper.targets import batches
    from temper.targets.batches import Encoded, in_batches

    def budget(model: object) -> int:
        return 10_000

    monkeypatch.setattr(batches, "_token_budget", budget)
    sizes: list[int] = []

    def work(batch):  # type: ignore[no-untyped-def]
        sizes.append(len(batch))
        if len(batch) > 2 or len(batch[0].prompt) > 50:
            raise RuntimeError("CUDA out of memory")
        from temper.records import Reply

        return [Reply(request_id=item.request.id, text="") for item in batch]

    items = [
        Encoded(Request(prompt=Prompt.raw(str(n)), decoding=SAMPLED), (1,) * (n + 1), ())
        for n in [*range(8), 99]
    ]
    replies = list(in_batches(items, None, work))
    assert len(replies) == 9
    assert sum(reply.error is not None for reply in replies) == 1
    assert max(sizes) > 2


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "model"
    shutil.copytree(shipped_models()["abacus-s"], copy)
    return copy


def test_a_checkpoint_that_is_incomplete_says_what_is_missing(folder: Path):
    weights = folder / "model.safetensors"
    weights.rename(folder / "pytorch_model.bin")
    with pytest.raises(TargetError, match="pickled weights only"):
        HuggingFaceTarget(folder)
    (folder / "pytorch_model.bin").unlink()
    with pytest.raises(TargetError, match=r"no \*.safetensors"):
        HuggingFaceTarget(folder)
    (folder / "config.json").unlink()
    with pytest.raises(TargetError, match=r"no config\.json"):
        HuggingFaceTarget(folder)
    with pytest.raises(TargetError, match="does not exist"):
        HuggingFaceTarget(folder / "nowhere")


def test_broken_weights_are_one_clear_error(folder: Path):
    (folder / "model.safetensors").write_bytes(b"not safetensors at all")
    with pytest.raises(TargetError, match="cannot be loaded"):
        list(check_target(TargetConfig(name=str(folder))))


def test_the_hash_names_the_weights_not_the_folder(folder: Path):
    original = open_target(TargetConfig(name="abacus-s")).hash
    assert HuggingFaceTarget(folder).hash == original
    config = folder / "generation_config.json"
    config.write_text(config.read_text().replace("1.0", "0.9"))
    assert HuggingFaceTarget(folder).hash != original


def test_a_name_that_nobody_knows_is_answered_with_the_nearest():
    with pytest.raises(TargetError, match="did you mean 'abacus-s'"):
        open_target(TargetConfig(name="abakus-s"))


def test_a_checkpoint_that_nobody_here_built_works_too(test_data: Path):
    target = open_target(TargetConfig(name=str(test_data / "targets" / "stories260k"), threads=1))
    assert not target.capabilities.chat
    requests = [
        Request(prompt=Prompt.raw("Once upon a time"), decoding=SAMPLED, sample=n) for n in range(4)
    ]
    scored = Request(prompt=Prompt.raw("Once upon a"), answers=(" time", " nonsense"))
    *drawn, weighed = ask_all(target, [*requests, scored])
    assert all(reply.text for reply in drawn)
    assert weighed.logprobs[0] > weighed.logprobs[1]
