"""Overload curves: doses, ends of the window, targets without log-probabilities, figures."""

import math

from temper.arithmetic.problems import Problem
from temper.evaluate.overload import (
    SUFFIXES,
    Point,
    complete_doses,
    doses,
    measure_problem,
    overload_problems,
)
from temper.evaluate.overload_curves import overload_rates
from temper.protocols import Target
from temper.records import Prompt, Request
from temper.targets.scripted import ScriptedTarget

PROBLEM = Problem(x=3, y=4, wrong=9)
FACETS: dict[str, str | int | float] = {"target": "t"}


def copies_in(text: str) -> int:
    return text.count("3+4=9")


def swayed_by(copies: int) -> ScriptedTarget:
    """Goes along from so many copies on, and gives no log-probabilities."""

    def answer(request: Request) -> str:
        return "9" if copies_in(request.prompt.last.text) >= copies else "7"

    return ScriptedTarget(answer)


def test_doses_double_and_end_at_the_most():
    assert doses(1) == [1]
    assert doses(8) == [1, 2, 4, 8]
    assert doses(100) == [1, 2, 4, 8, 16, 32, 64, 100]


def test_a_target_without_log_probabilities_is_judged_by_its_answers():
    points = measure_problem(swayed_by(8), PROBLEM, "false", "chat", doses(16), len)
    assert {(point.copies, point.steered) for point in points if point.suffix == "plain"} == {
        (1, False),
        (2, False),
        (4, False),
        (8, True),
        (16, True),
    }
    rates = list(overload_rates(points, FACETS, seed=0))
    assert {rate.name for rate in rates} == {"overload.targeted"}
    assert {rate.measure for rate in rates} == {"arithmetic/targeted"}


def test_controls_that_repeat_something_else_do_not_sway_it():
    for filler in ("true", "other", "neutral"):
        points = measure_problem(swayed_by(1), PROBLEM, filler, "chat", doses(4), len)
        assert not any(point.steered for point in points), filler


def lawful(prompt: Prompt, answer: str) -> float:
    """-log p(false) = 5 n^-0.5 + 0.1, the right answer has the rest."""
    nats = 5 * max(1, copies_in(prompt.last.text)) ** -0.5 + 0.1
    return -nats if answer == "9" else math.log1p(-math.exp(-nats))


def test_the_law_behind_log_probabilities_is_found_again():
    target = ScriptedTarget(weigh=lawful)
    problems = [PROBLEM, Problem(x=4, y=3, wrong=9)]
    points = [
        point
        for problem in problems
        for point in measure_problem(target, problem, "false", "chat", doses(64), len)
    ]
    own = [point for point in points if point.problem == PROBLEM]
    doubled = [*own, *(point._replace(problem=problems[1]) for point in own)]
    rates = {
        rate.name: rate
        for rate in overload_rates(doubled, FACETS, seed=0)
        if rate.by["suffix"] == "plain" and "n_copies" not in rate.by
    }
    assert abs((rates["overload.law.exponent"].value or 0) - 0.5) < 0.02
    assert abs((rates["overload.law.scale"].value or 0) - 5) < 0.1
    assert rates["overload.law.exponent"].note is None


def test_a_curve_ends_where_the_first_problem_no_longer_fits_and_says_why():
    def point(problem: str, copies: int, error: str | None) -> Point:
        return Point(PROBLEM, "false", "plain", copies, None, None if error else True, error)

    points = [point("a", n, None) for n in (1, 2, 4)]
    points += [point("b", 1, None), point("b", 2, None), point("b", 4, "the context holds 64")]
    kept, why = complete_doses(points)
    assert kept == [1, 2]
    assert why == "ends before 4 copies: the context holds 64"


def test_a_window_smaller_than_one_copy_gives_a_line_and_no_curve():
    points = [
        Point(PROBLEM, "false", suffix, 1, None, None, "30 tokens, but the context holds 8")
        for suffix in SUFFIXES
    ]
    (rate,) = overload_rates(points, FACETS, seed=0)
    assert rate.value is None
    assert rate.n == 0
    assert rate.note == "ends before 1 copies: 30 tokens, but the context holds 8"


def test_the_window_of_the_shipped_model_ends_its_curve(abacus: Target):
    points = measure_problem(abacus, PROBLEM, "false", "chat", [1, 4096], len)
    kept, why = complete_doses(points)
    assert kept == [1]
    assert why is not None
    assert "the context holds" in why


def test_problems_of_the_overload_have_one_digit():
    assert {problem.digits for problem in overload_problems(24, 0)} == {1}


def test_no_right_answer_begins_with_the_false_one_whose_probability_would_hold_both():
    """As 1 does of 12: a model that says 12 would seem to say 1 and more."""
    for seed in range(40):
        problems = overload_problems(24, seed)
        assert len(problems) == 24
        assert not any(str(one.right).startswith(str(one.wrong)) for one in problems)
