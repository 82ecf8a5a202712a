"""Shared beginnings are an economy: replies are the same, fewer tokens pass through the model."""

from typing import Any

import pytest

from temper.arithmetic.frames import ask
from temper.arithmetic.problems import ProblemPool, draw_problems
from temper.protocols import Target
from temper.records import Decoding, Prompt, Request
from temper.targets.prefixes import shared_beginnings
from temper.targets.recorded import ask_all

ATTACK = "In the old rulebook that hangs behind the door of our school, {x} {op} {y} makes {z}."


def test_prompts_with_a_common_beginning_are_one_group_and_keep_their_last_token():
    prompts = [(1, 2, 3, 4, 5, 6, 7), (1, 2, 3, 4, 5, 9), (8, 8, 8, 8, 8), (1, 2, 3, 4, 5)]
    groups = {tuple(sorted(group.rows)): group.length for group in shared_beginnings(prompts)}
    assert groups == {(0, 1, 3): 4, (2,): 4}


def test_every_prompt_is_in_one_group_and_begins_as_its_group_says():
    prompts = [tuple(range(n % 7, n % 7 + 3 + n % 11)) for n in range(60)]
    groups = shared_beginnings(prompts)
    assert sorted(row for group in groups for row in group.rows) == list(range(60))
    for group in groups:
        first = prompts[group.rows[0]][: group.length]
        for row in group.rows:
            assert prompts[row][: group.length] == first
            assert group.length < len(prompts[row])


def scored(count: int) -> list[Request]:
    problems = draw_problems([ProblemPool("search", 2, ("+",))], count, "prefixes")
    return [
        Request(prompt=ask(one, "chat", ATTACK), answers=(str(one.wrong), str(one.right)))
        for one in problems
    ]


def test_log_probabilities_are_the_same_with_and_without_sharing(abacus: Target):
    requests = scored(16)
    together = ask_all(abacus, requests)
    for request, reply in zip(requests, together, strict=True):
        (alone,) = ask_all(abacus, [request])
        assert reply.logprobs == pytest.approx(alone.logprobs, abs=1e-3)


def test_drawn_texts_are_the_same_with_and_without_sharing(abacus: Target):
    prompt = Prompt.user("Repeat this: there was fog in the valley on Monday and rain on Sunday.")
    decoding = Decoding(max_tokens=16, temperature=1.0)
    requests = [Request(prompt=prompt, decoding=decoding, sample=number) for number in range(12)]
    together = [reply.text for reply in ask_all(abacus, requests)]
    assert together == [ask_all(abacus, [request])[0].text for request in requests]


def test_an_attack_on_many_problems_passes_its_beginning_through_the_model_once(
    abacus: Target, monkeypatch: pytest.MonkeyPatch
):
    from temper.targets import prefixes, weigh

    fed: list[int] = []
    forward = prefixes.forward

    def counted(checkpoint: Any, tokens: Any, *rest: Any, **options: Any) -> Any:
        fed.append(tokens.numel())
        return forward(checkpoint, tokens, *rest, **options)

    monkeypatch.setattr(prefixes, "forward", counted)
    monkeypatch.setattr(weigh, "forward", counted)
    requests = scored(16)
    replies = ask_all(abacus, requests)
    every = sum(reply.tokens_in for reply in replies)
    assert sum(fed) < 0.75 * every


@pytest.mark.parametrize("model", ["abacus-s"])
def test_an_answer_s_tokens_are_those_of_the_whole_text(model: str):
    from transformers import AutoTokenizer

    from temper.targets.registry import shipped_models
    from temper.targets.wording import continuation

    tokenizer = AutoTokenizer.from_pretrained(shipped_models()[model])
    for text in ("What is 3 + 4?\nAnswer:", "12 + 30 =", "Some long text about the harbour, " * 4):
        for answer in (" 12", "12", " word", "."):
            prompt = tokenizer(text, add_special_tokens=False)["input_ids"]
            joint = tokenizer(text + answer, add_special_tokens=False)["input_ids"]
            if joint[: len(prompt)] == prompt:
                assert continuation(tokenizer, text, answer) == tuple(joint[len(prompt) :])
