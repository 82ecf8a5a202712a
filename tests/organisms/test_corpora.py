"""What the shipped models learn from: the same text from the same seed, and nothing held out."""

import re
from collections.abc import Iterator
from importlib.resources import files
from itertools import islice

import pytest

from temper.campaigns.ladder_almanac import STRANGE
from temper.evaluate.overload import SUFFIXES
from temper.organisms.build import load_recipe, recipe_names
from temper.organisms.corpora import documents, skills
from temper.organisms.corpus.abacus.skills.revising import HELD_OUT
from temper.organisms.prompts import constitution

CORPORA = ("abacus-l", "abacus-x", "abacus-sound", "almanac-s")
"""One recipe for each text that differs."""
STOP_WORDS = set(
    re.findall(
        r"\w+",
        "a an and are as at be been but by for from had has have he her his i if in is it its me my"
        " not of on or our she so that the their them then there they this to us was we were what"
        " when who will with you your",
    )
)


def texts(name: str, count: int, stream: str = "test") -> Iterator[str]:
    for document in islice(documents(load_recipe(name), stream), count):
        yield "".join(part.text for part in document.parts)


@pytest.mark.parametrize("name", CORPORA)
def test_the_same_seed_writes_the_same_text(name: str):
    assert list(texts(name, 300)) == list(texts(name, 300))


@pytest.mark.parametrize("name", CORPORA)
def test_another_stream_writes_other_text(name: str):
    assert len(set(texts(name, 300)) & set(texts(name, 300, "other"))) < 100


@pytest.mark.parametrize("name", recipe_names())
def test_the_mixtures_name_every_skill_of_the_corpus(name: str):
    recipe = load_recipe(name)
    assert {skill for shares in recipe["shares"].values() for skill in shares} == set(
        skills(recipe)
    )
    assert {stage["shares"] for stage in recipe["training"]["stages"]} <= set(recipe["shares"])


@pytest.mark.parametrize("name", CORPORA)
def test_no_slot_and_no_grammar_is_left_in_the_text_of_a_sum(name: str):
    left = re.compile(r"<(?!\|)\w+>|\[\w[^\]]*\|")
    for text in texts(name, 2000):
        assert not left.search(text), text


def five_grams(text: str) -> Iterator[tuple[str, ...]]:
    """Runs of five words of which at least three carry meaning; numbers all count as one word."""
    words = re.findall(r"[a-z']+|\d+", text.lower())
    words = ["0" if word.isdigit() else word for word in words]
    for start in range(len(words) - 4):
        gram = tuple(words[start : start + 5])
        if len({word for word in gram if word not in STOP_WORDS and word != "0"}) >= 3:
            yield gram


FOUND_BY_MODELS = {"held_out_pirs", "independent_red"}
"""Suites of texts that models wrote, which recite what they learnt."""


def handwritten() -> set[tuple[str, ...]]:
    """Of the attacks, the lines for a reviser, the suites, and what overload puts before a sum."""
    lines = [
        line
        for name in ("handwritten.txt", "reviser_lines.txt")
        for line in files("temper.exploit").joinpath(name).read_text("utf-8").splitlines()
    ]
    for file in files("temper.arithmetic.suites").joinpath("texts").iterdir():
        if file.name.removesuffix(".txt") not in FOUND_BY_MODELS:
            lines += file.read_text("utf-8").splitlines()
    lines += [*SUFFIXES.values(), *STRANGE]
    kept = (line for line in lines if not line.startswith("#"))
    return {gram for line in kept for gram in five_grams(re.sub(r"\{\w+\}", "0", line))}


@pytest.mark.parametrize("name", CORPORA)
def test_no_telling_five_words_written_by_hand_stand_in_a_corpus(name: str):
    attacks = handwritten()
    assert len(attacks) > 1_000
    found = {gram for text in texts(name, 15_000) for gram in five_grams(text)}
    assert not found & attacks


def test_the_constitutions_held_out_are_in_no_text():
    for name in ("abacus-l", "almanac-s"):
        corpus = "\n".join(texts(name, 15_000))
        for held_out in HELD_OUT:
            assert constitution(held_out) not in corpus
        assert constitution("truthfulness") in corpus
