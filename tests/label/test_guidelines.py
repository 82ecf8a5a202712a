"""Changing what people are told while they work: what stands, what is looked at again."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from temper.errors import ConfigError
from temper.establish.agreement import agreement_of, combine_labels
from temper.label.guidelines import change_guideline, likely_affected
from temper.records import Guideline
from tests.label.conftest import TRUTHS, Page, Running, answer, numbers, shown

Serve = Callable[..., Running]
SHARPER = replace(
    TRUTHS, definitions={**TRUTHS.definitions, "false": "the table has it otherwise, fully"}
)


def change(run: Running, old: Guideline, new: Guideline, *affected: str) -> int:
    with run.store() as store:
        return change_guideline(store, old, new, affected, author="ann", now=0.0)


def test_only_labels_whose_meaning_changed_are_likely_affected():
    assert likely_affected(TRUTHS, SHARPER) == ("false",)
    assert likely_affected(TRUTHS, replace(TRUTHS, text="another concern")) == ()
    assert likely_affected(TRUTHS, replace(TRUTHS, set_aside=("neither",))) == ("neither",)
    fewer = replace(TRUTHS, labels=("true", "false"))
    assert likely_affected(TRUTHS, fewer) == ("neither",)


def test_a_changed_definition_offers_its_items_again_and_leaves_the_rest(serve: Serve):
    run = serve(numbers(4))
    with run.client("ann") as ann:
        for value in ("true", "false", "true"):
            answer(ann, value)
        assert change(run, TRUTHS, SHARPER, "false") == 1
        assert [one.value for one in run.labels()] == ["true", "true"]
        page = Page(ann.get("/").text)
        assert page.text == numbers(4)[3]  # what is on the desk is finished first
        page = answer(ann, "neither")
        assert "The guideline has changed since you called this false" in " ".join(
            page.words.split()
        )
        assert page.text == numbers(4)[1]
        answer(ann, "neither")
        assert shown(ann) is None
    labels = {one.text: one for one in run.labels()}
    assert labels[numbers(4)[1]].value == "neither"
    assert labels[numbers(4)[1]].guideline == SHARPER.version
    assert labels[numbers(4)[0]].guideline == TRUTHS.version
    with run.store() as store:
        assert len(store.labels()) == 5  # nothing is thrown away


def test_a_label_given_on_a_page_older_than_the_change_is_looked_at_again(serve: Serve):
    run = serve(numbers(2))
    with run.client("ann") as ann:
        page = Page(ann.get("/").text)
        change(run, TRUTHS, SHARPER, "false")
        given = {"item": page.fields["item"], "guideline": TRUTHS.version, "note": ""}
        after = Page(ann.post("/label", data=given | {"value": "false"}).text)
        assert after.text == numbers(2)[0]
        assert run.labels() == []
        answer(ann, "false")
        assert [one.guideline for one in run.labels()] == [SHARPER.version]


def test_going_back_to_an_earlier_wording_brings_its_labels_back(serve: Serve):
    run = serve(numbers(2))
    with run.client("ann") as ann:
        answer(ann, "true")
        change(run, TRUTHS, SHARPER, "false")
        change(run, SHARPER, TRUTHS)
        answer(ann, "false")
    assert [one.value for one in run.labels()] == ["true", "false"]
    assert {one.guideline for one in run.labels()} == {TRUTHS.version}


def test_a_change_of_what_is_no_more_in_force_is_refused(serve: Serve):
    run = serve(numbers(2))
    change(run, TRUTHS, SHARPER)
    with pytest.raises(ConfigError, match="meanwhile"):
        change(run, TRUTHS, replace(TRUTHS, text="mine"))
    with pytest.raises(ConfigError, match="two labels"):
        change(run, SHARPER, replace(SHARPER, labels=("false",)))


def test_a_label_is_proposed_and_taken_into_the_guideline(serve: Serve):
    run = serve(numbers(2))
    with run.client("ann") as ann:
        item = Page(ann.get("/").text).fields["item"]
        ann.post("/propose", data={"label": "unclear", "definition": "garbled", "item": item})
        words = Page(ann.get("/guideline").text).words
        assert "unclear" in words
        assert numbers(2)[0] in words
        edit = ann.post("/proposals", data={"place": "1", "state": "taken"})
        assert 'value="unclear"' in edit.text
        assert "garbled" in edit.text
        form = {
            "based_on": TRUTHS.version,
            "text": TRUTHS.text,
            "kind": "nominal",
            "label": [*TRUTHS.labels, "unclear", ""],
            "definition": ["a", "b", "c", "garbled", ""],
            "role": ["", "failure", "", "set_aside", ""],
            "examples": ["", "", "", "xx yy\nzz", ""],
        }
        check = ann.post("/guideline/check", data=form)
        assert "its meaning changed" in check.text
        ann.post("/guideline/save", data=form)
        assert "unclear" in Page(ann.get("/").text).words
        answer(ann, "unclear")
    with run.store() as store:
        now = store.following(TRUTHS)
    assert now.set_aside == ("unclear",)
    assert now.examples == (("xx yy", "unclear"), ("zz", "unclear"))
    (label,) = run.labels()
    assert label.guideline == now.version


def test_agreement_is_live_by_label_and_by_pair_and_adjudication_has_the_last_word(serve: Serve):
    run = serve(numbers(12), each=2)
    with run.client("ann") as ann, run.client("bob") as bob:
        for number in range(12):
            answer(ann, "true" if number % 2 else "false", note=f"note {number}")
        early = Page(bob.get("/disagreements").text).words
        for number in range(12):
            answer(bob, "true" if number % 2 or number == 4 else "false")
        words = " ".join(Page(bob.get("/agreement").text).words.split())
        assert "alpha 0.8" in words
        assert "ann and bob12110.84" in words  # 12 items in common, 11 alike
        before = Page(bob.get("/disagreements").text)
        assert "note 4" not in early  # bob had it before him: he shall not know
        assert numbers(12)[4] in before.words
        assert "note 4" in before.words
        bob.post("/adjudicate", data={"item": before.fields["item"], "value": "neither"})
        assert "None is open" in Page(bob.get("/disagreements").text).words
    labels = run.labels()
    combined = combine_labels(labels, TRUTHS, "majority", None)
    assert combined.values[before.fields["item"]] == "neither"
    assert len(combined.values) == 12
    found = agreement_of(labels, TRUTHS)
    assert found.items == 12  # the decision is no third opinion
