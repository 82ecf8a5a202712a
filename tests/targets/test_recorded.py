import random
from collections.abc import Iterator

import pytest

from temper.records import Decoding, Prompt, Request
from temper.store import Store
from temper.targets.recorded import RecordedTarget, ask_all
from temper.targets.scripted import ScriptedTarget

GREEDY = Decoding(temperature=0)


def requests(*texts: str) -> list[Request]:
    return [Request(prompt=Prompt.user(text), decoding=GREEDY) for text in texts]


def recorded(inner: ScriptedTarget, store: Store, **options: object) -> RecordedTarget:
    return RecordedTarget(inner, store, **{"stage": "search", "seed": 0, **options})  # type: ignore[arg-type]


def test_what_was_asked_before_is_answered_from_the_database(store: Store):
    inner = ScriptedTarget({"a": "1"})
    first = ask_all(recorded(inner, store), requests("a", "b"))
    again = ask_all(recorded(inner, store), requests("a", "b"))
    assert [reply.text for reply in again] == [reply.text for reply in first]
    assert inner.asked == 2


def test_replies_come_in_request_order_and_duplicates_are_asked_once(store: Store):
    inner = ScriptedTarget(lambda request: request.prompt.last.text.upper())
    replies = ask_all(recorded(inner, store), requests("b", "a", "b"))
    assert [reply.text for reply in replies] == ["B", "A", "B"]
    assert inner.asked == 2


@pytest.mark.parametrize("changed", [{"stage": "measure"}, {"seed": 1}, {"role": "red"}])
def test_stages_seeds_and_roles_never_share_replies(store: Store, changed: dict[str, object]):
    inner = ScriptedTarget()
    ask_all(recorded(inner, store), requests("a"))
    ask_all(recorded(inner, store, **changed), requests("a"))
    assert inner.asked == 2


def test_each_reply_of_an_independent_target_is_kept_as_it_arrives(store: Store):
    def dies_at_third() -> Iterator[str]:
        yield from ("one", "two")
        raise KeyboardInterrupt

    answers = dies_at_third()
    with pytest.raises(KeyboardInterrupt):
        ask_all(recorded(ScriptedTarget(lambda request: next(answers)), store), requests(*"abc"))
    inner = ScriptedTarget(lambda request: "three")
    replies = ask_all(recorded(inner, store), requests(*"abc"))
    assert [reply.text for reply in replies] == ["one", "two", "three"]


def test_only_a_final_measurement_asks_failed_requests_again(store: Store):
    def fails(request: Request) -> str:
        raise ConnectionError("no route")

    ask_all(recorded(ScriptedTarget(fails), store), requests("a"))
    healthy = ScriptedTarget({"a": "fine"})
    (kept,) = ask_all(recorded(healthy, store), requests("a"))
    assert kept.error == "no route"
    (asked,) = ask_all(recorded(healthy, store, ask_failed_again=True), requests("a"))
    assert asked.text == "fine"


def test_units_meet_the_same_batches_whatever_is_stored_already(store: Store):
    """A killed run keeps whole units, so what is left falls into the units it would have met."""

    class Batched(ScriptedTarget):
        unit = 4

        def __init__(self, kill_after: int) -> None:
            super().__init__()
            self.batches, self.kill_after = list[list[str]](), kill_after

        def generate(self, requests):  # type: ignore[no-untyped-def]
            batch = list(requests)
            if len(self.batches) == self.kill_after:
                raise KeyboardInterrupt
            self.batches.append([request.prompt.last.text for request in batch])
            yield from super().generate(batch)

    texts = [f"{number:03}" + "x" * (number % 5) for number in range(23)]
    random.Random(0).shuffle(texts)
    whole = Batched(kill_after=99)
    ask_all(recorded(whole, Store(store.path.with_name("other.sqlite"))), requests(*texts))
    first, second = Batched(kill_after=2), Batched(kill_after=99)
    with pytest.raises(KeyboardInterrupt):
        ask_all(recorded(first, store), requests(*texts))
    ask_all(recorded(second, store), requests(*texts))
    assert first.batches + second.batches == whole.batches


@pytest.mark.parametrize(
    "text", ["", "\x00", "\ud800 lone", "ok \udfff", "é" * 10, "x" * 1_000_000, "\u202eabc\x1b[31m"]
)
def test_any_text_comes_back_from_the_database_unchanged(store: Store, text: str):
    inner = ScriptedTarget(lambda request: text)
    ask_all(recorded(inner, store), requests(f"say {text[:50]}"))
    (reply,) = ask_all(recorded(inner, store), requests(f"say {text[:50]}"))
    assert reply.text == text
    assert inner.asked == 1
