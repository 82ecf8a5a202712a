"""Pace, faults and the crossing from synchronous callers, without any server."""

import asyncio
from datetime import UTC, datetime

import pytest

from temper.targets.endpoint.crossing import Crossing
from temper.targets.endpoint.faults import Fault, read_response, retry_after
from temper.targets.endpoint.pace import LONGEST_WAIT, Pace
from temper.targets.endpoint.service import Service

JSON = {"content-type": "application/json"}


def grown(pace: Pace, calls: int, now: float = 1.0) -> Pace:
    """A pace after so many calls went well with every place taken."""
    for _ in range(calls):
        pace.in_flight = int(pace.limit)
        pace.went_well(now)
    return pace


def test_calls_in_flight_grow_to_the_most_while_all_goes_well():
    assert grown(Pace(64), 200).limit == 64


def test_a_429_halves_the_limit_once_for_all_calls_of_the_same_moment():
    pace = grown(Pace(64), 200)
    for _ in range(30):
        pace.throttled(started=5.0, now=6.0, wait=0.5)
    assert pace.limit == 32
    pace.throttled(started=7.0, now=8.0, wait=0.5)
    assert pace.limit == 16


def test_after_a_429_nothing_begins_before_the_wait_is_over():
    pace = Pace(8)
    pace.throttled(started=1.0, now=2.0, wait=3.0)
    assert not pace.is_free(4.9)
    assert pace.is_free(5.0)


def test_a_server_cannot_make_us_wait_for_ever():
    pace = Pace(8)
    pace.throttled(started=1.0, now=2.0, wait=1e9)
    assert pace.is_free(2.0 + LONGEST_WAIT)


def test_a_5xx_keeps_the_limit_from_growing_but_cuts_nothing():
    pace = Pace(64)
    pace.stumbled(now=1.0, wait=2.0)
    assert grown(pace, 50, now=2.9).limit == 16
    assert grown(pace, 50, now=3.1).limit > 16


def test_a_5xx_that_says_how_long_holds_every_call_to_that_server():
    pace = Pace(64)
    pace.stumbled(now=1.0, wait=2.0)
    assert not pace.is_free(2.9)
    assert pace.is_free(3.0)
    pace.stumbled(now=4.0, wait=0.0)
    assert pace.is_free(4.0)


def test_the_limit_never_falls_below_one():
    pace = Pace(4)
    for moment in range(20):
        pace.throttled(started=moment + 0.5, now=moment + 1.0, wait=0.0)
    assert pace.limit == 1


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("2", 2.0), ("0.25", 0.25), ("-3", 0.0), ("", None), ("soon", None), (None, None)],
)
def test_retry_after_is_read_in_seconds(value: str | None, seconds: float | None):
    assert retry_after(value) == seconds


def test_retry_after_is_read_as_a_date_too():
    now = datetime(2026, 1, 1, 12, 0, 0, tzinfo=UTC)
    assert retry_after("Thu, 01 Jan 2026 12:00:30 GMT", now) == 30
    assert retry_after("Thu, 01 Jan 2026 11:00:00 GMT", now) == 0


@pytest.mark.parametrize(
    ("status", "headers", "text", "kind", "words"),
    [
        (429, JSON, '{"error": {"message": "slow down"}}', "throttled", "slow down"),
        (429, JSON, '{"error": {"code": "insufficient_quota"}}', "fatal", "429"),
        (500, JSON, "Internal Server Error", "server", "Internal"),
        (503, {"content-type": "text/html"}, "<title>Down</title>", "server", "Down"),
        (401, JSON, '{"error": {"message": "no key"}}', "fatal", "no key"),
        (404, JSON, '{"detail": "Not Found"}', "fatal", "Not Found"),
        (302, {}, "", "fatal", "302"),
        (400, JSON, '{"error": "too long"}', "refused", "too long"),
        (422, JSON, '{"detail": [{"loc": ["body", "top_k"]}]}', "refused", "top_k"),
        (200, {"content-type": "text/html"}, "<html>", "broken", "web page"),
        (200, JSON, '{"choices": [', "broken", "broken JSON"),
        (200, JSON, "", "broken", "broken JSON"),
        (200, JSON, "[" * 100_000, "broken", "broken JSON"),
        (200, JSON, '{"error": {"message": "overloaded"}}', "server", "overloaded"),
    ],
)
def test_every_kind_of_bad_answer_is_told_apart(
    status: int, headers: dict[str, str], text: str, kind: str, words: str
):
    fault = read_response(status, headers, text)
    assert isinstance(fault, Fault)
    assert fault.kind == kind
    assert words in fault.reason
    assert fault.reason.isprintable()


def test_a_message_that_quotes_the_key_is_blotted_out_in_every_form():
    service = Service(urls=("http://x",), secrets=('sk-"789',))
    assert "sk-" not in service.blot('refused sk-"789, as JSON sk-\\"789')


def test_results_come_in_order_of_completion_from_inside_a_running_loop_too():
    async def work(seconds: float) -> float:
        await asyncio.sleep(seconds)
        return seconds

    async def notebook() -> list[float]:
        return list(Crossing().stream(work, [0.05, 0.0], at_once=2))

    assert asyncio.run(notebook()) == [0.0, 0.05]


def test_items_are_taken_only_when_there_is_room():
    taken: list[int] = []

    def items():
        for number in range(10):
            taken.append(number)
            yield number

    async def work(number: int) -> int:
        return number

    stream = Crossing().stream(work, items(), at_once=2)
    assert next(stream) in (0, 1)
    assert sorted([*stream]) != []
    assert taken == list(range(10))


def test_the_first_error_of_the_work_reaches_the_caller():
    async def work(number: int) -> int:
        raise ValueError(f"number {number}")

    with pytest.raises(ValueError, match="number"):
        list(Crossing().stream(work, [1, 2, 3], at_once=2))
