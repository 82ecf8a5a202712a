"""Who is shown what: nobody an item twice, no item too many people, nothing lost."""

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack

import pytest

from temper.label.answers import TAKEN_BACK
from temper.label.gold import Known
from temper.label.next_item import next_item
from tests.label.conftest import TRUTHS, Page, Running, answer, number_of, numbers, shown

Serve = Callable[..., Running]


def test_a_label_is_in_the_database_before_the_next_item_shows(serve: Serve):
    run = serve(numbers(3))
    with run.client("ann") as ann:
        first = shown(ann)
        after = answer(ann, "false", note="why not")
        (label,) = run.labels()
        assert (label.text, label.value, label.note) == (first, "false", "why not")
        assert (label.annotator, label.kind, label.guideline) == ("ann", "person", TRUTHS.version)
        assert label.seconds is not None
        assert after.text != first


def test_every_item_gets_as_many_labels_as_wanted_and_nobody_an_item_twice(serve: Serve):
    run = serve(numbers(12), each=2)
    with ExitStack() as stack:
        people = [stack.enter_context(run.client(name)) for name in ("ann", "bob", "cem")]
        for _ in range(12):
            for client in people:
                if shown(client) is not None:
                    answer(client, "true")
        assert all(shown(client) is None for client in people)
    labels = run.labels()
    assert set(Counter(one.item_id for one in labels).values()) == {2}
    assert max(Counter((one.item_id, one.annotator) for one in labels).values()) == 1
    assert len(labels) == 24


def test_an_item_that_lies_open_is_kept_for_its_reader_and_comes_back_to_others_later(
    serve: Serve,
):
    run = serve(numbers(2), lease=100.0)
    with run.client("ann") as ann, run.client("bob") as bob:
        left_open = shown(ann)
        assert shown(ann) == left_open
        assert answer(bob, "true").text is None  # the other one; ann's is still hers
        with run.store() as store:
            assert next_item(store, run.settings, "bob", 0.0, True) is None
            store.change("UPDATE served SET since = since - 200 WHERE annotator = 'ann'")
        assert shown(bob) == left_open


def test_undo_brings_the_item_back_and_takes_the_label_out(serve: Serve):
    run = serve(numbers(3))
    with run.client("ann") as ann:
        first = shown(ann)
        answer(ann, "true", note="a note")
        page = Page(ann.post("/undo").text)
        assert page.text == first
        assert [one.value for one in run.labels() if not one.skipped] == []
        answer(ann, "false", note="a note")
        with run.store() as store:
            rows = store.find("SELECT value, note, place FROM labels ORDER BY place")
        assert [row["value"] for row in rows] == ["true", "", "false"]
        assert rows[1]["note"] == TAKEN_BACK
        assert [one.value for one in run.labels()] == ["false"]


def test_undo_goes_back_step_by_step_and_with_nothing_to_undo_says_so(serve: Serve):
    run = serve(numbers(3))
    with run.client("ann") as ann:
        assert shown(ann) == numbers(3)[0]
        ann.post("/undo")
        for _ in range(3):
            answer(ann, "true")
        assert [Page(ann.post("/undo").text).text for _ in range(3)] == numbers(3)[::-1]
        assert all(one.skipped for one in run.labels())


def test_a_skipped_item_goes_to_somebody_else_and_its_reason_is_kept(serve: Serve):
    run = serve(numbers(1))
    with run.client("ann") as ann, run.client("bob") as bob:
        page = answer(ann, None, skip="not sure", note="dialect?")
        assert page.text is None
        assert shown(bob) == numbers(1)[0]
        answer(bob, "true")
    skipped, label = run.labels()
    assert (skipped.skipped, skipped.value, skipped.note) == (True, "", "not sure: dialect?")
    assert (label.annotator, label.value) == ("bob", "true")


def test_a_second_press_never_labels_the_item_that_follows(serve: Serve):
    run = serve(numbers(3))
    with run.client("ann") as ann:
        page = Page(ann.get("/").text)
        given = {"item": page.fields["item"], "guideline": page.fields["guideline"], "note": ""}
        ann.post("/label", data=given | {"value": "true"})
        ann.post("/label", data=given | {"value": "false"})
    assert [one.value for one in run.labels()] == ["true"]


@pytest.mark.parametrize(
    "wrong", [{"item": "ffff"}, {"value": "no such label"}, {"value": ""}, {"guideline": "?"}]
)
def test_what_was_not_on_the_page_is_not_stored(serve: Serve, wrong: dict[str, str]):
    run = serve(numbers(2))
    with run.client("ann") as ann:
        page = Page(ann.get("/").text)
        given = {"item": page.fields["item"], "guideline": page.fields["guideline"], "note": ""}
        ann.post("/label", data=given | {"value": "true"} | wrong)
    labels = run.labels()
    # an unknown version is no reason to lose a label: it counts under the version in force
    assert [one.guideline for one in labels] == ([TRUTHS.version] if "guideline" in wrong else [])


def test_nobody_begins_before_the_entry_test_is_passed(serve: Serve):
    gold = [Known(f"Known {n}.", "true" if n % 2 else "false") for n in range(4)]
    run = serve(numbers(3), gold=gold, entry_test=4, pass_mark=0.75)
    with run.client("ann") as ann:
        page = [answer(ann, "true") for _ in range(4)][-1]
        assert "2 of 4 as expected" in page.words
        assert run.labels() == []
        ann.post("/test")
        for one in gold:
            assert shown(ann) == one.text
            page = answer(ann, one.value)
        assert "4 of 4 as expected" in page.words
        ann.post("/test")
        assert shown(ann) == numbers(3)[0]
        assert run.labels() == []  # known items are no labels


def test_hidden_known_items_warn_of_drift(serve: Serve):
    gold = [Known(f"Known {n}.", "false") for n in range(12)]
    run = serve(numbers(40), gold=gold, gold_every=3)
    with run.client("ann") as ann, run.client("bob") as bob:
        for client, value in ((ann, "true"), (bob, "false")):
            for _ in range(26):
                answer(client, value)
        words = Page(ann.get("/agreement").text).words
    assert words.count("drifting") == 1
    assert "0 of 8" in words or "0 of 9" in words
    assert not any(one.text.startswith("Known") for one in run.labels())


def test_a_new_server_goes_on_where_the_last_one_was(serve: Serve):
    run = serve(numbers(4))
    with run.client("ann") as ann:
        answer(ann, "true")
        open_item = shown(ann)
        ann.post("/draft", data={"item": Page(ann.get("/").text).fields["item"], "note": "half a"})
        cookies = ann.cookies
    run.__exit__()
    run.__enter__()
    with run.client() as again:
        again.cookies = cookies
        page = again.get("/").text
        assert Page(page).text == open_item
        assert "half a</textarea>" in page
        assert number_of(str(open_item)) == 1
