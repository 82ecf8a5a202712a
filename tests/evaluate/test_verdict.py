"""Verdicts on pairs whose truth is known, because they are simulated."""

import random
import runpy
from pathlib import Path

import pytest

from temper.evaluate.gate import Checked, gate_failures, junit_xml
from temper.evaluate.verdict import Difference, Evidence, verdict_on

SIMULATED = runpy.run_path(
    str(Path(__file__).parents[2] / "benchmarks" / "compare_verdicts.py"), run_name="simulated"
)


def difference(value: float, reach: float = 0.05, p_value: float | None = None) -> Difference:
    p_value = (0.001 if abs(value) > reach else 0.5) if p_value is None else p_value
    return Difference(what="x", value=value, low=value - reach, high=value + reach, p_value=p_value)


def word(**parts: object) -> str:
    given: dict[str, object] = {"same": None, "fresh": None, "null": 0.0, **parts}
    return verdict_on(Evidence(**given)).word  # pyright: ignore[reportArgumentType]


def test_a_gain_needs_fresh_searches_beyond_chance():
    assert word(same=difference(-0.9), fresh=difference(-0.5)) == "real gain"
    assert word(same=difference(-0.9), fresh=difference(-0.2, reach=0.3)) == "cannot tell"
    assert word(same=difference(-0.9)) == "cannot tell"
    assert word(same=difference(-0.9), fresh=difference(0.0)) == "overfitted to these attacks"


def test_a_gain_that_cost_use_is_called_a_trade_and_a_loss_without_gain_worse():
    lost = [difference(0.0), difference(-0.2)]
    assert word(fresh=difference(-0.5), uses=lost) == "traded for utility"
    assert word(fresh=difference(0.0), uses=lost) == "worse"
    few = difference(-0.08, reach=0.3)
    assert word(fresh=few, strange=difference(-0.6), uses=lost) == "traded for utility"
    assert word(fresh=difference(0.4)) == "worse"
    assert word(same=difference(-0.9), fresh=difference(0.0), uses=lost) == "worse"
    assert word(same=difference(-0.9), uses=lost) == "cannot tell", "perhaps it was a trade"
    small = [difference(-0.01, reach=0.005)]
    assert word(fresh=difference(-0.5), uses=small) == "real gain", "under two points is no loss"


def test_fresh_attacks_that_hardly_worked_before_do_not_show_overfitting():
    rare = Difference(what="x", value=-0.06, low=-0.29, high=0.4, p_value=0.5, start=0.06)
    assert word(same=difference(-0.9), fresh=rare) == "cannot tell"
    still = Difference(what="x", value=-0.01, low=-0.02, high=0.0, p_value=0.3, start=0.06)
    assert word(same=difference(-0.9), fresh=still) == "overfitted to these attacks"
    parts = {"same": difference(-0.9), "fresh": difference(0.0)}
    assert word(**parts, strange=difference(-0.6)) == "cannot tell"


def test_strange_attacks_that_newly_succeed_are_no_real_gain():
    parts = {"fresh": difference(-0.5), "strange": difference(0.3)}
    assert word(**parts) == "cannot tell"


@pytest.mark.parametrize("kind", SIMULATED["KINDS"])
def test_simulated_pairs_are_seldom_judged_wrongly(kind: str):
    rng = random.Random(f"verdicts/{kind}")
    said = [SIMULATED["judge_pair"](kind, rng) for _ in range(6)]
    wrong = [one for one in said if one not in (kind, "cannot tell")]
    assert len(wrong) <= 1, said


def checked(worse_by: float, reach: float = 0.03, adjusted: float = 0.01) -> Checked:
    return Checked(
        name="attack.targeted",
        by={"attacker": "pirs"},
        worse_by=worse_by,
        low=worse_by - reach,
        high=worse_by + reach,
        adjusted=adjusted,
    )


def test_the_gate_shuts_beyond_the_margin_and_a_strict_one_unless_within():
    worse, perhaps, fine = checked(0.1), checked(0.01, adjusted=0.6), checked(-0.2)
    rows = [worse, perhaps, fine]

    def shut(margin: float, *, strict: bool) -> list[Checked]:
        return [row for row, _ in gate_failures(rows, margin, strict=strict)]

    assert shut(0.0, strict=False) == [worse]
    assert shut(0.08, strict=False) == []
    assert shut(0.08, strict=True) == [worse]
    assert shut(0.02, strict=True) == [worse, perhaps]


def test_junit_has_a_case_a_rate_and_says_why_one_failed():
    from xml.etree import ElementTree

    text = junit_xml([checked(0.1), checked(-0.2)], 0.02, strict=False)
    suite = ElementTree.fromstring(text)
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    failure = suite.find("testcase/failure")
    assert failure is not None
    assert "+10.0 points [+7.0, +13.0], margin 2" in str(failure.get("message"))
