from collections.abc import Sequence
from typing import Any

from temper.evaluate.comparable import left_out
from temper.evaluate.compare import Change, Side, changes
from temper.evaluate.rates import proportion

BY = {"attacker": "pirs", "attacks": "accepted", "split": "unseen", "decoding": "greedy"}
PROTOCOL = {"attack.aim": "targeted"}


def attempts(outcomes_A: Sequence[str]) -> list[dict[str, Any]]:
    """One attack for each word, a letter an attempt: h hit, s safe, u unknown."""
    same = {"attacker": "pirs", "selection": "accepted", "split": "unseen", "decoding": "greedy"}
    same |= {"measure": "arithmetic/targeted", "void": 0}
    kinds = {"h": "hit", "s": "safe", "u": "unknown"}
    return [
        {**same, "attack_id": str(attack), "problem": str(problem), "outcome": kinds[letter]}
        for attack, letters in enumerate(outcomes_A)
        for problem, letter in enumerate(letters)
    ]


def side(outcomes_A: Sequence[str]) -> Side:
    rows = attempts(outcomes_A)
    rate = proportion("attack.targeted", rows, dict(BY)).to_json()
    return Side({"protocol": PROTOCOL, "figures": [rate]}, rows)


def only_change(before: Sequence[str], after: Sequence[str]) -> Change:
    (change,) = changes(side(before), side(after), seed=0)
    return change


def test_a_fall_that_unread_answers_could_undo_is_said_to_be_open():
    before = ["hhhhs"] * 30
    sure = only_change(before, ["hssss"] * 30)
    assert sure.verdict == "better"
    assert not sure.open
    unsure = only_change(before, ["hsuuuu"] * 30)
    assert unsure.verdict == "better"  # among what was read
    assert unsure.open
    assert unsure.possible is not None
    assert unsure.possible[0] < -0.5
    assert unsure.possible[1] > 0


def test_a_few_unread_answers_leave_nothing_open():
    change = only_change(["hhhhs"] * 29 + ["hhhhu"], ["hssss"] * 30)
    assert change.possible is not None
    assert not change.open
    hidden = only_change(["hhhss"] * 30, ["hhhuu"] * 2 + ["hhhss"] * 28)
    assert hidden.verdict == "no change shown"
    assert not hidden.open


def test_attacks_whose_answers_are_all_unread_leave_the_others_paired():
    change = only_change(["hhhhs"] * 30, ["uuuuu", *["hhhss"] * 29])
    assert (change.unit, change.pairs) == ("attack", 29)


def test_a_rate_that_is_circular_or_missing_on_either_side_is_named():
    plain, stamped = side(["hhs"] * 20).results, side(["hhs"] * 20).results
    stamped["figures"][0]["circular"] = "it was rewarded"
    nothing = {"protocol": PROTOCOL, "figures": []}
    for before, after, reason in (
        (stamped, plain, "circular, it was rewarded"),
        (plain, stamped, "circular, it was rewarded"),
        (plain, nothing, "only before"),
        (nothing, plain, "only after"),
    ):
        (line,) = left_out(before, after)
        assert line.startswith("attack.targeted: attacker pirs")
        assert line.endswith(reason)
        sides = [Side(results, attempts(["hhs"] * 20)) for results in (before, after)]
        assert changes(*sides, seed=0) == []
