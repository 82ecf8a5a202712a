import numpy as np
import pytest

from temper.stats import (
    AuditPlan,
    Estimand,
    JudgeGuess,
    corrected_rate,
    draw_audit,
    plan_audit,
)
from temper.stats.proportion import Bools
from tests.stats.simulated import attempts

GUESS = JudgeGuess(sensitivity=0.92, specificity=0.39)


def checked(
    truths: Bools, plan: AuditPlan, earlier: list[bool | None] | None = None
) -> list[bool | None]:
    known: list[bool | None] = list(earlier) if earlier else [None] * len(truths)
    for place in plan.answers:
        known[place] = bool(truths[place])
    return known


def test_a_plan_brings_the_interval_to_about_the_width_that_it_promised():
    widths: list[float] = []
    for seed in range(20):
        drawn = attempts(np.random.default_rng(seed), attacks=80)
        verdicts, truths = drawn.verdict_TN[0].tolist(), drawn.truth_TN[0]
        plan = plan_audit(verdicts, half_width=0.05, seed=seed, guess=GUESS)
        rate = corrected_rate(
            verdicts,
            checked(truths, plan),
            inclusion_N=plan.inclusion_N,
            estimand=Estimand.THESE_ATTEMPTS,
        )
        assert rate.interval is not None
        assert len(plan.answers) == plan.hits + plan.safes == rate.audited
        assert plan.half_width <= 0.05
        widths.append((rate.interval.high - rate.interval.low) / 2)
    assert np.mean(widths) == pytest.approx(0.05, abs=0.006)


def test_one_answer_fewer_would_not_do():
    verdicts = attempts(np.random.default_rng(0)).verdict_TN[0].tolist()
    plan = plan_audit(verdicts, half_width=0.05, seed=0)
    fewer = draw_audit(verdicts, len(plan.answers) - 1, seed=0)
    assert plan.half_width <= 0.05 < fewer.half_width


def test_the_verdict_with_more_doubt_is_checked_more():
    verdicts = [number < 500 for number in range(1000)]
    doubtful_hits = draw_audit(
        verdicts, 100, seed=0, guess=JudgeGuess(sensitivity=0.99, specificity=0.6)
    )
    doubtful_safes = draw_audit(
        verdicts, 100, seed=0, guess=JudgeGuess(sensitivity=0.6, specificity=0.99)
    )
    assert doubtful_hits.hits > 60
    assert doubtful_safes.safes > 60


def test_the_same_seed_draws_the_same_answers_and_another_does_not():
    verdicts = attempts(np.random.default_rng(0)).verdict_TN[0].tolist()
    first, again, other = (draw_audit(verdicts, 50, seed=seed) for seed in (1, 1, 2))
    assert first == again
    assert first.answers != other.answers


def test_every_answer_of_a_verdict_is_drawn_as_often_as_its_recorded_chance():
    verdicts = [number < 20 for number in range(60)]
    plans = [draw_audit(verdicts, 30, seed=seed) for seed in range(1500)]
    drawn = np.bincount([place for plan in plans for place in plan.answers], minlength=60) / 1500
    assert drawn == pytest.approx(plans[0].inclusion_N, abs=0.06)


def test_a_second_wave_asks_for_new_answers_and_counts_both():
    drawn = attempts(np.random.default_rng(3), attacks=80)
    verdicts, truths = drawn.verdict_TN[0].tolist(), drawn.truth_TN[0]
    first = draw_audit(verdicts, 60, seed=0)
    known = checked(truths, first)
    second = plan_audit(
        verdicts, half_width=0.04, seed=1, truths_N=known, inclusion_N=first.inclusion_N
    )
    assert second.answers
    assert not set(first.answers) & set(second.answers)
    known = checked(truths, second, known)
    for verdict in (True, False):
        own = [place for place, said in enumerate(verdicts) if said == verdict]
        share = np.mean([known[place] is not None for place in own])
        assert {round(second.inclusion_N[place], 9) for place in own} == {round(float(share), 9)}
    rate = corrected_rate(
        verdicts, known, inclusion_N=second.inclusion_N, estimand=Estimand.THESE_ATTEMPTS
    )
    assert rate.interval is not None
    assert rate.interval.low < truths.mean() < rate.interval.high


def test_what_is_sharp_enough_needs_no_more_answers():
    drawn = attempts(np.random.default_rng(3))
    verdicts, truths = drawn.verdict_TN[0].tolist(), drawn.truth_TN[0].tolist()
    assert plan_audit(verdicts, half_width=0.05, seed=0, truths_N=truths).answers == ()


def test_a_plan_says_when_checking_answers_cannot_help_and_attacks_can():
    drawn = attempts(np.random.default_rng(4), correlation=0.3)
    plan = plan_audit(
        drawn.verdict_TN[0].tolist(),
        drawn.attack_N,
        half_width=0.03,
        seed=0,
        truths_N=drawn.truth_TN[0].tolist(),
        estimand=Estimand.NEW_ATTACKS,
    )
    assert not plan.reachable
    assert plan.answers == ()
    assert plan.half_width > 0.03
    assert plan.clusters_needed is not None
    assert plan.clusters_needed > 100


def test_before_any_audit_the_verdicts_tell_how_much_attacks_differ():
    generator = np.random.default_rng(5)
    alike = attempts(generator, attacks=200, correlation=0.01, judge=(0.95, 0.95))
    unlike = attempts(generator, attacks=200, correlation=0.2, judge=(0.95, 0.95))
    plans = [
        plan_audit(
            drawn.verdict_TN[0].tolist(),
            drawn.attack_N,
            half_width=0.06,
            seed=0,
            estimand=Estimand.NEW_ATTACKS,
        )
        for drawn in (alike, unlike)
    ]
    assert all(plan.reachable for plan in plans)
    assert len(plans[1].answers) > len(plans[0].answers)


def test_an_audit_never_asks_for_more_than_there_is():
    assert len(draw_audit([1] * 5 + [0] * 30, 1000, seed=0).answers) == 35
    assert len(draw_audit([1] * 35, 20, seed=0).answers) == 20


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"half_width": 0.0}, "half-width"),
        ({"half_width": 0.5}, "half-width"),
        ({"guess": JudgeGuess(sensitivity=0.5, specificity=0.5)}, "chance"),
        ({"truths_N": [None]}, "truths"),
        ({"estimand": Estimand.NEW_ATTACKS}, "needs the attack"),
    ],
)
def test_plans_that_cannot_be_made_are_refused(change: dict[str, object], message: str):
    with pytest.raises(ValueError, match=message):
        plan_audit([1, 0] * 50, **{"half_width": 0.05, "seed": 0, **change})  # pyright: ignore[reportArgumentType]
