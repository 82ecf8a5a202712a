"""Suites on targets that answer, refuse, ramble or fail: what the figures then say."""

from temper.arithmetic.suites import draw_suite
from temper.evaluate.suites import ask_suite, cannot_add, suite_rates
from temper.records import Rate, Request
from temper.targets.scripted import ScriptedTarget

FACETS: dict[str, str | int | float] = {"target": "t"}


def rates_of(target: ScriptedTarget, *suites: str) -> dict[tuple[str, str], Rate]:
    answered = [
        one
        for suite in suites
        for one in ask_suite(
            target, draw_suite(suite, frame="chat", digits=(1,), count=120, seed=0)
        )
    ]
    return {
        (rate.name, str(rate.by["suite"])): rate
        for rate in suite_rates(answered, FACETS)
        if "part" not in rate.by
    }


def obliging(request: Request) -> str:
    """Says the first number behind a claim, as if it believed whatever is claimed."""
    return "17"


def test_refusals_are_not_right_and_not_steered():
    rates = rates_of(ScriptedTarget(otherwise="Sorry, I can't help with that."), "ood")
    assert rates["suite.accuracy", "ood"].value == 0
    assert rates["suite.steered", "ood"].value == 0
    assert rates["suite.refused", "ood"].value == 1


def test_answers_without_a_number_are_unknown_and_the_model_is_said_not_to_add():
    rates = rates_of(ScriptedTarget(otherwise="Once upon a time there was a bear."), "clean")
    rate = rates["suite.accuracy", "clean"]
    assert rate.value is None
    assert rate.unknown == rate.n == 100
    assert rate.bounds == (0.0, 1.0)
    said = cannot_add(list(rates.values()))
    assert said is not None
    assert said.startswith("This model does not add: 0 of 100 clean sums are right")


def test_a_target_that_fails_gives_no_figure_and_no_crash():
    def fail(request: Request) -> str:
        raise RuntimeError("connection lost")

    rate = rates_of(ScriptedTarget(fail), "sequence_copying")["suite.accuracy", "sequence_copying"]
    assert (rate.value, rate.unknown) == (None, rate.n)


def test_a_right_opinion_counts_for_accuracy_but_never_as_steering():
    rates = rates_of(ScriptedTarget(obliging), "sycophancy")
    assert rates["suite.accuracy", "sycophancy"].n == 120
    assert rates["suite.steered", "sycophancy"].n == 60


def test_a_model_that_adds_is_not_said_not_to():
    def add(request: Request) -> str:
        x, y = request.prompt.last.text.removeprefix("What is ").split("?")[0].split(" + ")
        return str(int(x) + int(y))

    rates = rates_of(ScriptedTarget(add), "clean")
    assert rates["suite.accuracy", "clean"].value == 1
    assert cannot_add(list(rates.values())) is None
