"""Prompts that grow out of one another: weighed as if alone, for little more than the longest."""

from itertools import pairwise
from typing import Any

import pytest

from temper.arithmetic.problems import Problem
from temper.evaluate.overload import SUFFIXES, doses, filling, measure_problem
from temper.protocols import CountsTokens, Target
from temper.records import Prompt, Request
from temper.targets.chains import is_chain
from temper.targets.huggingface import HuggingFaceTarget
from temper.targets.recorded import ask_all

PROBLEM = Problem(x=3, y=4, wrong=9)


@pytest.fixture
def passed(abacus: Target, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Tokens of every pass through the model."""
    from temper.targets import chains, prefixes, weigh

    counted: list[int] = []
    real = chains.forward

    def counting(checkpoint: Any, tokens: Any, *rest: Any, **options: Any) -> Any:
        counted.append(tokens.numel())
        return real(checkpoint, tokens, *rest, **options)

    for module in (chains, prefixes, weigh):
        monkeypatch.setattr(module, "forward", counting)
    return counted


def test_a_copy_costs_the_same_tokens_wherever_it_stands(abacus: Target):
    assert isinstance(abacus, CountsTokens)
    line = filling(PROBLEM, "false", 1, len)
    lengths = [abacus.count_tokens(line * number) for number in (1, 2, 3, 50)]
    assert lengths[3] - lengths[2] == 47 * (lengths[2] - lengths[1])


@pytest.mark.parametrize("filler", ["false", "true", "other", "neutral"])
def test_a_shorter_filling_is_the_beginning_of_a_longer_one(filler: str):
    texts = [filling(PROBLEM, filler, number, len).rstrip() for number in (1, 2, 8, 32)]
    assert all(longer.startswith(text) for text, longer in pairwise(texts))


def test_neutral_text_is_as_long_as_the_copies_to_within_a_word(abacus: Target):
    assert isinstance(abacus, CountsTokens)
    copies = abacus.count_tokens(filling(PROBLEM, "false", 100, len))
    neutral = abacus.count_tokens(filling(PROBLEM, "neutral", 100, abacus.count_tokens))
    assert copies - 12 <= neutral <= copies + 2


def test_all_doses_and_suffixes_cost_at_most_half_more_than_the_longest(
    abacus: Target, passed: list[int]
):
    assert isinstance(abacus, HuggingFaceTarget)
    points = measure_problem(abacus, PROBLEM, "false", "chat", doses(320), abacus.count_tokens)
    assert len(points) == 10 * len(SUFFIXES)
    assert all(point.false is not None for point in points)
    longest = abacus.count_tokens(filling(PROBLEM, "false", 320, len))
    assert sum(passed) <= 1.5 * longest


def test_each_reply_is_what_the_prompt_gets_alone(abacus: Target):
    texts = [filling(PROBLEM, "false", number, len) for number in (1, 5, 40, 120, 120)]
    requests = [
        Request(prompt=Prompt.user(f"{text}What is 3 + 4?{end}"), answers=("9", "7"))
        for text in texts
        for end in (" Reply with the number only.", " Say it.")
    ]
    together = ask_all(abacus, requests)
    for request, reply in zip(requests, together, strict=True):
        (alone,) = ask_all(abacus, [request])
        assert reply.logprobs == pytest.approx(alone.logprobs, abs=2e-3)
        assert reply.seconds is not None


def test_short_or_unlike_prompts_are_no_chain(abacus: Target):
    assert not is_chain([])
    from temper.targets.batches import Encoded

    def encoded(*prompts: tuple[int, ...]) -> list[Encoded]:
        return [Encoded(Request(prompt=Prompt.raw("x")), prompt, ()) for prompt in prompts]

    long = tuple(range(400))
    assert not is_chain(encoded((1, 2, 3), (1, 2, 3, 4)))
    assert not is_chain(encoded(long, long[::-1]))
    assert is_chain(encoded(long, (*long, 1), (*long, 2)))
