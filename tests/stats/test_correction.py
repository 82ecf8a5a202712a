import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from temper.stats import CorrectedRate, Estimand, Note, corrected_rate
from temper.stats.intervals import new_attacks, these_attempts
from temper.stats.proportion import Floats
from temper.stats.two_phase import summarise
from tests.stats.simulated import attempts

THESE = Estimand.THESE_ATTEMPTS


def example(seed: int = 0, audit: int = 150, estimand: Estimand = THESE) -> CorrectedRate:
    generator = np.random.default_rng(seed)
    drawn = attempts(generator)
    truths_TN, _ = drawn.audited(audit, generator)
    return corrected_rate(
        drawn.verdict_TN[0].tolist(), known(truths_TN[0]), drawn.attack_N, estimand=estimand
    )


def known(truths_N: Floats) -> list[bool | None]:
    return [None if np.isnan(truth) else bool(truth) for truth in truths_N]


def test_a_judge_that_calls_most_answers_hits_is_corrected_to_near_the_truth():
    generator = np.random.default_rng(3)
    drawn = attempts(generator, attacks=100)
    truths_TN, _ = drawn.audited(300, generator)
    rate = corrected_rate(drawn.verdict_TN[0].tolist(), known(truths_TN[0]), drawn.attack_N)
    assert rate.raw > 0.6
    assert rate.interval is not None
    assert rate.interval.low < 0.3 < rate.interval.high
    assert rate.value == pytest.approx(0.3, abs=0.07)


def test_the_estimate_is_the_power_tuned_prediction_powered_one():
    generator = np.random.default_rng(1)
    verdicts = generator.random(300) < 0.4
    chances = np.where(generator.random(300) < 0.5, 0.2, 0.6)
    audited = generator.random(300) < chances
    truths = (generator.random(300) < np.where(verdicts, 0.7, 0.1)).astype(float)
    weights = 1 / chances[audited]
    told, true = verdicts[audited].astype(float), truths[audited]
    told_mean, true_mean = np.average(told, weights=weights), np.average(true, weights=weights)
    tuning = (weights * (told - told_mean) * (true - true_mean)).sum() / (
        weights * (told - told_mean) ** 2
    ).sum()
    rate = corrected_rate(
        verdicts.tolist(),
        [bool(truth) if seen else None for truth, seen in zip(truths, audited, strict=True)],
        inclusion_N=chances.tolist(),
        estimand=THESE,
    )
    assert rate.tuning == pytest.approx(tuning)
    expected = tuning * verdicts.mean() + np.average(true - tuning * told, weights=weights)
    assert rate.value == pytest.approx(expected)


def test_an_audit_of_every_attempt_leaves_only_the_attacks_uncertain():
    drawn = attempts(np.random.default_rng(2))
    verdicts, truths = drawn.verdict_TN[0].tolist(), drawn.truth_TN[0].tolist()
    these = corrected_rate(verdicts, truths, drawn.attack_N, estimand=THESE)
    new = corrected_rate(verdicts, truths, drawn.attack_N)
    assert these.interval is not None
    assert new.interval is not None
    assert these.value == pytest.approx(drawn.truth_TN.mean())
    assert these.interval == pytest.approx((these.value, these.value), abs=1e-6)
    assert these.effective_n == pytest.approx(len(verdicts))
    assert new.interval.high - new.interval.low > 0.08
    assert new.effective_n < len(verdicts)


def test_new_attacks_are_less_certain_than_these_attempts():
    these, new = example(), example(estimand=Estimand.NEW_ATTACKS)
    assert these.interval is not None
    assert new.interval is not None
    assert new.value == these.value
    assert new.interval.low < these.interval.low < these.interval.high < new.interval.high
    assert new.effective_n < these.effective_n


def test_fewer_than_twenty_attacks_say_so_instead_of_an_interval():
    verdicts, truths = [True, False] * 95, [True, False] * 95
    attacks = [number // 10 for number in range(190)]
    few = corrected_rate(verdicts, truths, attacks)
    assert few.interval is None
    assert Note.TOO_FEW_CLUSTERS in few.notes
    assert few.clusters == 19
    assert corrected_rate(verdicts, truths, attacks, estimand=THESE).interval is not None


def test_an_audit_that_reaches_few_attacks_says_so_too():
    attacks = [number // 5 for number in range(200)]
    truths = [number % 3 == 0 if number < 95 else None for number in range(200)]
    verdicts = [number % 3 == 0 for number in range(200)]
    assert Note.TOO_FEW_CLUSTERS in corrected_rate(verdicts, truths, attacks).notes


def test_an_audit_without_a_missed_hit_does_not_claim_that_none_was_missed():
    verdicts = [number % 10 == 0 for number in range(1000)]
    truths = [verdict if number % 10 < 2 else None for number, verdict in enumerate(verdicts)]
    rate = corrected_rate(verdicts, truths, estimand=THESE)
    assert rate.value == pytest.approx(0.1)
    assert rate.interval is not None
    assert rate.interval.high > 0.11
    assert rate.sensitivity is not None
    assert rate.sensitivity.value == 1
    assert rate.sensitivity.interval.low < 0.95


def test_three_checked_answers_are_not_worth_seven_hundred():
    verdicts = [True, False] * 360
    truths = [True, False, True, *[None] * 717]
    rate = corrected_rate(verdicts, truths, estimand=Estimand.THESE_ATTEMPTS)
    assert rate.interval is not None
    assert rate.interval.high - rate.interval.low > 0.4
    assert rate.effective_n < 10


def test_sensitivity_specificity_and_both_rates_agree():
    rate = example()
    assert rate.sensitivity is not None
    assert rate.specificity is not None
    caught = rate.sensitivity.value * rate.value
    accused = (1 - rate.specificity.value) * (1 - rate.value)
    assert rate.raw == pytest.approx(caught + accused)
    assert rate.cross_check is not None
    assert rate.cross_check.interval.low < rate.value < rate.cross_check.interval.high


def test_a_judge_that_errs_more_than_chance_is_called_useless():
    verdicts = [number % 2 == 0 for number in range(400)]
    truths = [not verdict if number % 3 else verdict for number, verdict in enumerate(verdicts)]
    rate = corrected_rate(verdicts, truths, estimand=THESE)
    assert Note.JUDGE_OF_NO_USE in rate.notes
    assert rate.cross_check is None


def test_a_verdict_that_no_audit_met_is_named_and_stays_open():
    verdicts = [number < 50 for number in range(100)]
    truths = [number % 2 == 0 if number < 50 else None for number in range(100)]
    rate = corrected_rate(verdicts, truths, estimand=THESE)
    assert Note.UNAUDITED_VERDICT in rate.notes
    assert rate.sensitivity is None
    assert rate.interval is not None
    assert rate.interval.high - rate.interval.low > 0.5


def test_answers_audited_more_often_do_not_count_more():
    generator = np.random.default_rng(4)
    errors: list[float] = []
    for _ in range(200):
        truths = generator.random(400) < 0.3
        verdicts = generator.random(400) < 0.5
        chances = np.where(truths, 0.6, 0.2)  # found through users' complaints, say
        audited = generator.random(400) < chances
        rate = corrected_rate(
            verdicts.tolist(),
            [bool(truth) if seen else None for truth, seen in zip(truths, audited, strict=True)],
            inclusion_N=chances.tolist(),
            estimand=THESE,
        )
        assert rate.interval is not None
        errors.append(rate.value - truths.mean())
    assert abs(np.mean(errors)) < 0.01


@given(
    st.lists(st.tuples(st.booleans(), st.none() | st.booleans()), min_size=1, max_size=60),
    st.sampled_from(list(Estimand)),
)
@settings(max_examples=150, deadline=None)
def test_no_interval_leaves_0_and_1_or_its_estimate(
    pairs: list[tuple[bool, bool | None]], estimand: Estimand
):
    verdicts, truths = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    attacks = list(range(len(pairs)))
    if all(truth is None for truth in truths):
        with pytest.raises(ValueError, match="uncorrected"):
            corrected_rate(verdicts, truths, attacks, estimand=estimand)
        return
    rate = corrected_rate(verdicts, truths, attacks, estimand=estimand)
    found = [rate.sensitivity, rate.specificity, rate.cross_check]
    for estimate in filter(None, found):
        assert 0 <= estimate.interval.low <= estimate.interval.high <= 1
    if rate.interval is not None:
        assert 0 <= rate.interval.low <= rate.value + 1e-9
        assert rate.value - 1e-9 <= rate.interval.high <= 1
    assert 0 < rate.effective_n <= len(pairs) + 1e-9


@pytest.mark.parametrize(
    ("rate", "judge", "audit", "correlation"),
    [(0.05, (0.6, 0.7), 100, 0.3), (0.3, (0.92, 0.39), 200, 0.1), (0.9, (0.99, 0.99), 400, 0.3)],
)
def test_intervals_cover_the_truth_as_often_as_they_say(
    rate: float, judge: tuple[float, float], audit: int, correlation: float
):
    generator = np.random.default_rng(5)
    new, these, biases = [], [], []
    for _ in range(4):
        drawn = attempts(generator, trials=250, rate=rate, judge=judge, correlation=correlation)
        seen_TN, chance_TN = drawn.audited(audit, generator)
        two = summarise(drawn.verdict_TN, seen_TN, chance_TN, [drawn.grouping])
        low_T, high_T = new_attacks(two)
        new.append((low_T <= rate) & (rate <= high_T))
        low_T, high_T = these_attempts(two)
        truth_T = drawn.truth_TN.mean(axis=1)
        these.append((low_T <= truth_T + 1e-9) & (truth_T - 1e-9 <= high_T))
        biases.append(two.value_T - rate)
    assert np.mean(new) >= 0.93
    assert np.mean(these) >= 0.93
    assert abs(np.mean(biases)) < 0.01


def test_attacks_and_problems_that_both_vary_widen_the_interval():
    generator = np.random.default_rng(6)
    attack, problem = (codes.ravel() for codes in np.indices((30, 30)))
    hard = generator.normal(0, 1.5, 30)[problem] + generator.normal(0, 0.5, 30)[attack]
    truths = (generator.random(900) < 1 / (1 + np.exp(-hard))).tolist()
    one = corrected_rate(truths, truths, attack.tolist())
    two = corrected_rate(truths, truths, attack.tolist(), problem.tolist())
    assert one.interval is not None
    assert two.interval is not None
    assert two.interval.high - two.interval.low > 1.3 * (one.interval.high - one.interval.low)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1, 0], [True]), "lengths"),
        (([1, 2], [True, None]), "0 or 1"),
        (([1, 0], [None, None]), "uncorrected"),
        (([1, 0], [True, None]), "needs the attack"),
    ],
)
def test_input_that_means_nothing_is_refused(
    arguments: tuple[list[int], list[bool | None]], message: str
):
    with pytest.raises(ValueError, match=message):
        corrected_rate(*arguments)


@pytest.mark.parametrize("chances", [[0.5], [0.0, 0.5], [1.5, 0.5], [float("nan"), 0.5]])
def test_audit_chances_that_cannot_be_are_refused(chances: list[float]):
    with pytest.raises(ValueError, match="chance"):
        corrected_rate([1, 0], [True, None], inclusion_N=chances, estimand=THESE)
