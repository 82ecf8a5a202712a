from typing import Any

from temper.evaluate.rates import Subject, attempt_rates
from temper.evaluate.transfer_differences import transfer_differences

SUBJECT = Subject(target="t", hit_at=2)


def attempts(outcomes_A: list[str], target: str = "t") -> list[dict[str, Any]]:
    """One attack for each word, a letter an attempt: h hit, s safe, u unknown."""
    same = {"attacker": "pirs", "selection": "accepted", "split": "unseen", "decoding": "greedy"}
    same |= {"measure": "arithmetic/targeted", "source": "elsewhere", "target": target}
    kinds = {"h": "hit", "s": "safe", "u": "unknown"}
    return [
        {
            **same,
            "attack_id": f"a{attack}",
            "problem": f"p{problem}",
            "digits": 1,
            "void": 0,
            "outcome": kinds[letter],
        }
        for attack, letters in enumerate(outcomes_A)
        for problem, letter in enumerate(letters)
    ]


def test_the_chance_of_a_hit_among_several_attacks_has_bounds_where_answers_are_unknown():
    rates = list(attempt_rates(attempts(["hsss", "ssuu"]), SUBJECT))
    rate = next(rate for rate in rates if rate.name == "attack.hit_at_2")
    assert (rate.value, rate.unknown, rate.bounds) == (0.25, 2, (0.25, 0.75))
    known = list(attempt_rates(attempts(["hsss", "ssss"]), SUBJECT))
    assert next(rate for rate in known if rate.name == "attack.hit_at_2").bounds is None


def test_a_difference_between_targets_has_bounds_where_answers_are_unknown():
    rows = attempts(["hhss"] * 10, "first") + attempts(["hssu"] * 10, "second")
    (rate,) = transfer_differences(rows, ["first", "second"], seed=0)
    assert rate.unknown == 10
    assert rate.bounds == (-0.25, 0.0)
    assert rate.value is not None
    assert -0.25 < rate.value < 0.0


def test_a_refused_sum_is_no_right_answer():
    rows = attempts(["sss", "ssh"])
    for row, reason in zip(rows, ("answered", "refused", "filtered") * 2, strict=True):
        row |= {"selection": "clean", "attacker": "none", "measure": "arithmetic/any"}
        row |= {"attack_id": "a", "reason": reason}
    rate = next(rate for rate in attempt_rates(rows, SUBJECT) if rate.name == "clean.accuracy")
    assert rate.value == 2 / 6
