"""Python functions as targets: what real functions do, and what they must not do to a run."""

import asyncio
import functools
import os
import sqlite3
import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest

from temper.budget import Budget
from temper.config import BudgetConfig, TargetConfig
from temper.errors import ConfigError, Stopped, TargetError
from temper.records import Decoding, Prompt, Reply, Request
from temper.store import Store
from temper.targets.function import FunctionTarget
from temper.targets.pricing import budget_for
from temper.targets.recorded import RecordedTarget


def asked(*texts: str) -> list[Request]:
    return [Request(prompt=Prompt.user(text), decoding=Decoding()) for text in texts]


def answers(target: Any, *texts: str) -> list[Reply]:
    requests = asked(*texts)
    replies = {reply.request_id: reply for reply in target.generate(requests)}
    return [replies[request.id] for request in requests]


def in_time(work: Callable[[], Any], seconds: float = 20.0) -> Any:
    """What `work` returns; fails where it would wait for ever."""
    found: list[Any] = []
    thread = threading.Thread(target=lambda: found.append(work()), daemon=True)
    thread.start()
    thread.join(seconds)
    assert found, "it never came back"
    return found[0]


def test_a_function_may_start_an_event_loop_of_its_own():
    async def ask(text: str) -> str:
        return text.upper()

    (reply,) = answers(FunctionTarget(lambda text: asyncio.run(ask(text)), name="bot"), "hi")
    assert (reply.text, reply.error) == ("HI", None)


def test_a_function_may_use_what_was_opened_in_the_caller_s_thread():
    database = sqlite3.connect(":memory:")

    def look_up(text: str) -> str:
        return str(database.execute("SELECT upper(?)", (text,)).fetchone()[0])

    assert [reply.text for reply in answers(FunctionTarget(look_up), "a", "b")] == ["A", "B"]
    database.close()


@pytest.mark.parametrize("at_once", [1, 3])
def test_a_function_that_raises_stop_iteration_is_one_unknown(at_once: int):
    def first_match(text: str) -> str:
        return next(word for word in text.split() if word == "yes")

    target = FunctionTarget(first_match, at_once=at_once)
    good, bad = in_time(lambda: answers(target, "yes", "no"))
    assert (good.text, bad.finish) == ("yes", "error")
    assert "StopIteration" in str(bad.error)


def test_a_coroutine_that_cancels_itself_is_one_unknown_and_is_not_lost():
    async def cancels(text: str) -> str:
        if text == "bad":
            raise asyncio.CancelledError
        return text

    good, bad = in_time(lambda: answers(FunctionTarget(cancels, at_once=2), "good", "bad"))
    assert (good.text, bad.finish) == ("good", "error")


@pytest.mark.parametrize("at_once", [1, 2])
def test_a_function_that_ends_the_program_ends_it_and_does_not_hang_it(at_once: int):
    def quits(text: str) -> str:
        sys.exit("no quota left")

    def ask() -> str:
        with pytest.raises(SystemExit, match="no quota left"):
            answers(FunctionTarget(quits, at_once=at_once), "a", "b")
        return "ended"

    assert in_time(ask) == "ended"


def test_as_many_calls_run_at_once_as_were_asked_for():
    """More than a default pool has on a small machine."""
    together = threading.Barrier(40, timeout=20)

    def waits_for_all(text: str) -> str:
        together.wait()
        return text

    replies = answers(FunctionTarget(waits_for_all, at_once=40), *map(str, range(40)))
    assert [reply.error for reply in replies] == [None] * 40


def test_nothing_at_once_is_refused():
    with pytest.raises(TargetError, match="at least 1"):
        FunctionTarget(str.upper, at_once=0)


class Bot:
    async def __call__(self, text: str) -> str:
        return text.title()


async def upper(text: str, end: str = "") -> str:
    return text.upper() + end


def begins(text: str) -> Any:
    return upper(text)


@pytest.mark.parametrize(
    ("function", "text"),
    [
        (Bot(), "Hi"),
        (functools.partial(upper, end="!"), "HI!"),
        (begins, "HI"),
        (str.swapcase, "HI"),
    ],
    ids=["object", "partial", "one that begins a coroutine", "method"],
)
@pytest.mark.parametrize("at_once", [1, 2])
def test_every_way_to_write_a_function_is_understood(function: Any, text: str, at_once: int):
    (reply,) = answers(FunctionTarget(function, at_once=at_once), "hi")
    assert (reply.text, reply.error) == (text, None)


def test_a_function_under_attack_inside_a_running_loop_answers_as_outside():
    async def notebook() -> list[Reply]:
        return answers(FunctionTarget(upper), "a") + answers(FunctionTarget(str.upper), "b")

    assert [reply.text for reply in asyncio.run(notebook())] == ["A", "B"]


def test_a_cap_on_tokens_holds_for_a_function_too(store: Store):
    def talks(text: str) -> str:
        return "word " * 60

    budget = Budget(BudgetConfig(max_tokens=1_000))
    target = RecordedTarget(FunctionTarget(talks), store, stage="s", seed=0, budget=budget)
    with pytest.raises(Stopped, match="--max-tokens"):
        list(target.generate(asked(*map(str, range(100)))))
    assert 800 < budget.spent.tokens < 1_200


def test_a_function_has_no_price_of_its_own():
    settings = TargetConfig(name="bot")
    with pytest.raises(ConfigError, match="no price"):
        budget_for(BudgetConfig(max_cost=1), {"target": (FunctionTarget(str.upper), settings)})


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
@pytest.mark.filterwarnings("ignore:This process.*is multi-threaded:DeprecationWarning")
def test_a_forked_child_goes_on_with_a_target_that_its_parent_has_used():
    target = FunctionTarget(upper)
    assert answers(target, "a")[0].text == "A"
    child = os.fork()
    if child == 0:
        try:
            done = in_time(lambda: answers(target, "b")[0].text, 10)
        except BaseException:
            os._exit(1)
        os._exit(0 if done == "B" else 2)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
