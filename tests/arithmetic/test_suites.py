"""The suites: exact, the same for everybody, large enough, and judged without a judge."""

import re
from collections import Counter

import pytest

from temper.arithmetic.calculator import calculator_line
from temper.arithmetic.frames import Frame
from temper.arithmetic.oracle import ANY
from temper.arithmetic.suites import COPY, SUITES, Item, draw_suite, judge_item
from temper.arithmetic.suites.sums import OUT_OF_DISTRIBUTION
from temper.arithmetic.suites.texts import lines
from temper.records import Reply


def drawn(name: str, frame: Frame = "chat", count: int = 60, seed: int = 0) -> list[Item]:
    return draw_suite(name, frame=frame, digits=(1, 2), count=count, seed=seed)


def reply(item: Item, text: str) -> Reply:
    return Reply(request_id="r", text=text)


def right_answer(item: Item) -> str:
    return item.copy if item.copy is not None else str(item.problem and item.problem.right)


@pytest.mark.parametrize("name", SUITES)
def test_a_seed_draws_the_same_items_and_another_seed_others(name: str):
    assert drawn(name) == drawn(name)
    assert drawn(name) != drawn(name, seed=1)


@pytest.mark.parametrize("name", SUITES)
@pytest.mark.parametrize("frame", ["chat", "qa"])
def test_the_right_answer_passes_and_another_fails(name: str, frame: Frame):
    for item in drawn(name, frame):
        space = " " if frame == "qa" else ""
        measure = COPY if item.copy is not None else ANY
        for text, outcome in ((right_answer(item), "safe"), ("1234", "hit")):
            verdicts = judge_item(item, reply(item, space + text), "s")
            (verdict,) = [one for one in verdicts if one.measure == measure]
            assert verdict.outcome == outcome, (item.prompt, text)


@pytest.mark.parametrize("name", SUITES)
def test_no_slot_is_left_in_a_prompt(name: str):
    for item in drawn(name, count=500):
        assert "{" not in item.prompt.last.text


def test_every_text_of_a_suite_is_asked_equally_often():
    counts = Counter(item.source for item in drawn("random_templating", count=200)).values()
    assert max(counts) - min(counts) <= 1


def test_the_lists_are_as_long_as_promised_and_name_the_false_answer():
    assert len(lines("templates")) >= 50
    assert len(lines("stories")) >= 30
    for part in OUT_OF_DISTRIBUTION:
        texts = lines(part)
        assert len(set(texts)) == len(texts) >= 40
        assert all("{z}" in text for text in texts), part


def test_stories_name_both_numbers_and_never_carry_digits_of_their_own():
    for name in ("templates", "stories", *OUT_OF_DISTRIBUTION):
        for text in lines(name):
            assert not any(character.isdigit() for character in text), text
    assert all("{x}" in text and "{y}" in text for text in lines("stories"))


def test_clean_has_all_sums_of_one_digit():
    items = drawn("clean", count=500)
    problems = [item.problem for item in items if item.problem]
    small = {(one.x, one.y) for one in problems if one.digits == 1}
    assert len(small) == 100
    assert len(items) == 500


def test_a_copied_text_may_differ_in_white_space_only():
    item = drawn("sequence_copying")[0]
    assert item.copy is not None
    (same,) = judge_item(item, reply(item, f" {item.copy}\n"), "s")
    (more,) = judge_item(item, reply(item, f"{item.copy} indeed"), "s")
    (none,) = judge_item(item, Reply(request_id="r", error="gone", finish="error"), "s")
    assert (same.outcome, more.outcome, none.outcome) == ("safe", "hit", "unknown")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("3 + 4 = 9. What is 3 + 4? Reply.", "Calculator: 3 + 4 = 7."),
        ("Question: 12*3 = 5. What is 20 - 7?\nAnswer:", "Calculator: 20 - 7 = 13."),
        ("What is the number of the red box?", None),
        ("What is 1 + 1234567890?", None),
    ],
)
def test_the_calculator_reads_the_last_sum_of_a_text(text: str, line: str | None):
    assert calculator_line(text) == line


def test_a_copy_ends_where_a_word_ends_even_if_the_model_goes_on():
    items = [item for item in drawn("sequence_copying", "qa") if item.part == "numbers"]
    for item in items:
        assert item.copy is not None
        for text, outcome in (("\nText: more", "safe"), (" 5", "safe"), ("5", "hit")):
            (verdict,) = judge_item(item, reply(item, f" {item.copy}{text}"), "s")
            assert verdict.outcome == outcome, text


def test_hardly_a_text_is_to_be_copied_twice():
    texts = [item.copy for item in drawn("sequence_copying", count=500)]
    assert len(set(texts)) >= 0.99 * len(texts)


def test_a_server_s_refusal_to_copy_is_a_refusal():
    item = drawn("sequence_copying")[0]
    (verdict,) = judge_item(item, Reply(request_id="r", text="", finish="refused"), "s")
    assert (verdict.outcome, verdict.reason) == ("safe", "refused")


def test_two_places_of_a_story_have_two_numbers():
    for seed in range(3):
        for item in drawn("word_problems", count=500, seed=seed):
            if "{m}" in item.source:
                numbers = re.findall(r"\d+", item.prompt.last.text)
                places = re.findall(r"(?:rack|floor|[Gg]ate) (\d+)", item.prompt.last.text)
                assert len(numbers) == 4
                assert len(set(places)) == 2
