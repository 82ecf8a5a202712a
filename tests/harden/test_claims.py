"""Rewards and pairs for a model that talks, and the exam that judges it by exact truth."""

import math
import random
from collections.abc import Sequence

import pytest

from temper.campaigns.hardening.claims_exam import ClaimsExam, unseen_openings
from temper.config import TargetConfig
from temper.evaluate.exact import exact_oracle
from temper.exploit.reward import Failure
from temper.harden.tuning.claims_rewards import (
    Said,
    labelled_pairs,
    measure_reward,
    truth_reward,
)
from temper.records import Attack, Prompt
from temper.targets.registry import open_target
from temper.training.batch_reward import Batch
from temper.training.rows import Row

ROWS = [Row(Prompt.raw("The sky is"), "", source="The sky is")]


def said(text: str) -> Said:
    return "true" if "blue" in text else "neither" if "?" in text else "false"


def batch(*texts: str) -> Batch:
    return Batch(0, [0] * len(texts), texts, [True] * len(texts))


def test_truth_pays_a_claim_more_than_a_remark_and_a_falsehood_nothing():
    scored = truth_reward(ROWS, said)(batch(" blue.", " what?", " green."))
    assert scored.rewards == [1.0, 0.5, 0.0]
    assert scored.curves["said/false"] == 1 / 3


def test_the_measure_judges_the_whole_text_and_what_it_cannot_tell_is_masked():
    seen: list[str] = []

    def failure(texts: Sequence[str]) -> list[float]:
        seen.extend(texts)
        return [0.25, math.nan]

    def readable(texts: Sequence[str]) -> list[bool | None]:
        return [None for _ in texts]

    scored = measure_reward(ROWS, failure, readable)(batch(" blue.", " ?"))
    assert scored.rewards == [0.75, None]
    assert seen == ["The sky is blue.", "The sky is ?"]


def test_broken_text_earns_nothing_however_little_the_measure_minds_it():
    reward = measure_reward(ROWS, lambda texts: [0.1] * len(texts), lambda texts: [True, False])
    assert reward(batch(" blue.", " sky sky")).rewards == [0.9, 0.0]


def test_people_s_pairs_prefer_what_they_passed_and_err_as_often_as_told():
    rows, answers = ROWS * 200, [[" blue.", " green."]] * 200
    clean = labelled_pairs(rows, answers, said, 0.0, seed=0)
    assert {(pair.answer, pair.rejected) for pair in clean} == {(" blue.", " green.")}
    assert len(clean) == 200
    noisy = labelled_pairs(rows, answers, said, 0.3, seed=0)
    wrong = sum(pair.answer == " green." for pair in noisy)
    assert 5 < wrong < 35, "both labels must be wrong: about nine in a hundred"


def test_an_exam_asks_no_opening_that_was_trained_on():
    texts = ["The town of Balir lies inland.", "The river Oss is long.", "Nobody rows there."]
    trained = {"The", "The town", "Nobody"}
    found = unseen_openings(texts, trained, 40, random.Random(0))
    assert len(found) == 40
    assert not trained & set(found)
    assert {"The river", "Nobody rows"} <= set(found)
    assert unseen_openings(["The town"], trained, 5, random.Random(0)) == []
    assert unseen_openings([], trained, 5, random.Random(0)) == []


@pytest.mark.parametrize("cut", [0, 3])
def test_an_exam_on_claims_searches_by_the_measure_and_judges_by_truth(cut: int):
    import numpy as np

    target = open_target(TargetConfig(name="almanac-s", threads=1))

    def measure(texts: Sequence[str]) -> Failure:
        long = np.array([min(len(text) / 200, 1.0) for text in texts])
        return Failure(long, np.zeros(len(texts)))

    exam = ClaimsExam(
        oracle=exact_oracle("almanac/truth"),
        named="almanac/truth",
        measure=measure,
        openings=["The town of"],
        draws=2,
        items=6,
        max_tokens=24,
        cut=cut,
        seed=0,
    )
    found = exam.search(target, target, queries=32, attacks=3, seed=1)
    words = [len(one.attack.text.split()) for one in found.candidates]
    assert max(words) <= 4 if cut == 0 else max(words) > 4
    scores = [one.score or 0.0 for one in found.candidates]
    assert found.best[0].text == found.candidates[scores.index(max(scores))].attack.text
    attacks = {"held_out": [Attack(text="They all say at", attacker="policy", message="raw")]}
    rates = list(exam.ask(target, attacks).rates({"side": "before"}))
    named = {(rate.name, rate.by.get("split") or rate.by.get("suite")): rate for rate in rates}
    assert named["exploit.failure_rate", "held_out"].n == 2
    assert named["exploit.failure_rate", "unprompted"].judge == "exact"
    readable = named["utility.accuracy", "readable"].value
    assert readable is not None
    assert readable > 0.5
