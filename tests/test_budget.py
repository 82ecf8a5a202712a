"""Caps are hard, shared by all stages, and leave a partial report behind."""

import random
from collections import deque
from pathlib import Path
from typing import Any

import pytest

from temper.budget import QUERIED, Budget, Price
from temper.campaigns.dry_run import dry_run
from temper.config import BudgetConfig, Config, load_config
from temper.config.prices import load_prices
from temper.errors import ConfigError, Stopped
from temper.pipeline import attack_arithmetic
from temper.records import Decoding, Prompt, Reply, Request
from temper.run_folder import finished_results
from temper.store import read_only
from temper.targets.scripted import ScriptedTarget

SMALL = {
    "attack.max_queries": 160,
    "attack.problems": 4,
    "attack.attackers": ["handwritten", "random", "none"],
    "attack.scoring": "success",
    "attack.samples": 1,
    "measure.problems": 4,
    "measure.max_attacks": 6,
    "measure.proposed": 2,
    "measure.clean_problems": 4,
}


def config(**budget: Any) -> Config:
    return load_config(None, SMALL | {f"budget.{key}": value for key, value in budget.items()})


def gullible(request: Request) -> str:
    """Believes whatever number an attack puts into the question."""
    text = request.prompt.last.text
    rng = random.Random(text)
    return str(rng.randrange(2, 19)) + " and so on" * rng.randrange(3)


def requests(count: int, tokens: int = 10) -> deque[Request]:
    decoding = Decoding(max_tokens=tokens)
    prompts = (Prompt.user(f"number {number:04}") for number in range(count))
    return deque(Request(prompt=prompt, decoding=decoding) for prompt in prompts)


def test_no_more_queries_are_admitted_than_the_cap_leaves():
    budget = Budget(BudgetConfig(max_queries=5))
    budget.remember([{"role": "target", "queries": 2, "tokens_in": 0, "tokens_out": 0}])
    waiting = requests(9)
    assert len(list(budget.admit(waiting, "target"))) == 3
    assert len(waiting) == 6


def test_a_red_model_s_queries_are_counted_apart_but_its_tokens_are_not():
    budget = Budget(BudgetConfig(max_queries=1, max_tokens=200))
    assert 2 < len(list(budget.admit(requests(50), "red"))) < 20
    assert list(budget.admit(requests(1, tokens=100), "target")) == []


def test_what_a_reply_really_took_makes_room_for_more():
    budget = Budget(BudgetConfig(max_tokens=300))
    waiting = requests(100, tokens=100)
    admitted = list(budget.admit(waiting, "target"))
    assert len(admitted) == 2
    for request in admitted:
        reply = Reply(request_id=request.id, text="1", tokens_in=4, tokens_out=1)
        budget.settle(request.id, reply, "target")
    assert budget.spent.tokens == 10
    assert len(list(budget.admit(waiting, "target"))) == 2


def test_a_unit_is_asked_whole_or_not_at_all():
    budget = Budget(BudgetConfig(max_queries=6))
    with pytest.raises(Stopped, match="--max-queries"):
        budget.admit_whole(list(requests(7)), "target")
    budget.admit_whole(list(requests(6)), "target")


def test_money_is_counted_by_the_price_of_each_role():
    prices = {"target": Price(1.0, 10.0), "red": Price(0.0, 0.0)}
    budget = Budget(BudgetConfig(max_cost=1e-3), prices)
    rows = [{"role": "target", "queries": 1, "tokens_in": 100, "tokens_out": 80}]
    budget.remember(rows)
    assert budget.cost_of(rows) == pytest.approx(9e-4)
    assert list(budget.admit(requests(1, tokens=10), "target")) == []
    assert len(list(budget.admit(requests(1, tokens=10), "red"))) == 1


def test_a_cap_on_money_without_a_price_is_refused():
    with pytest.raises(ConfigError, match="red model has no price"):
        Budget(BudgetConfig(max_cost=1), {"target": Price(1, 1), "red": None})


def test_a_role_without_a_price_of_its_own_is_played_by_the_target():
    budget = Budget(prices={"target": Price(2.0, 2.0), "red": Price(0.0, 0.0)})
    row = {"queries": 1, "tokens_in": 500_000, "tokens_out": 0}
    assert budget.cost_of([{"role": "call", **row}, {"role": "red", **row}]) == 1.0


def test_what_a_mitigation_asks_is_a_query_and_a_judge_only_where_it_is_what_is_asked():
    rows = [{"role": "call", "queries": 2, "tokens_in": 0, "tokens_out": 0}]
    rows += [{"role": "judge", "queries": 3, "tokens_in": 0, "tokens_out": 0}]
    for queried, spent in ((QUERIED, 2), (("judge",), 3)):
        budget = Budget(queried=queried)
        budget.remember(rows)
        assert budget.spent.queries == spent


def test_minutes_are_those_of_this_call():
    now = 1000.0
    budget = Budget(BudgetConfig(max_minutes=2), clock=lambda: now)
    waiting = requests(4)
    stream = budget.admit(waiting, "target")
    next(stream)
    now += 121
    assert list(stream) == []


def test_prices_come_from_a_file_that_the_user_writes(tmp_path: Path):
    file = tmp_path / "prices.toml"
    file.write_text('[models."some/model"]\ninput = 0.5\noutput = 1.5\n')
    assert load_prices(str(file))["some/model"].output == 1.5
    file.write_text("[models.m]\ninput = -1\noutput = 1\n")
    with pytest.raises(ConfigError, match="no list of prices"):
        load_prices(str(file))


@pytest.mark.parametrize("cap", [1, 40, 200, 360])
def test_a_capped_run_stops_exactly_there_with_a_partial_report_and_goes_on(
    tmp_path: Path, cap: int
):
    target = ScriptedTarget(gullible)
    outcome = attack_arithmetic(config(max_queries=cap), tmp_path / "run", target=target)
    assert target.asked == cap
    assert outcome.results["partial"]["reason"].startswith(f"the cap of {cap} queries")
    assert "PARTIAL" in (tmp_path / "run" / "report.html").read_text()
    again = attack_arithmetic(config(max_queries=cap), tmp_path / "run", target=target)
    assert target.asked == cap
    assert again.results["figures"] == outcome.results["figures"]
    whole = attack_arithmetic(config(), tmp_path / "run", target=target)
    assert "partial" not in whole.results
    fresh = ScriptedTarget(gullible)
    direct = attack_arithmetic(config(), tmp_path / "direct", target=fresh)
    assert target.asked == fresh.asked
    assert whole.results["figures"] == direct.results["figures"]


def test_ctrl_c_leaves_a_partial_report_too(tmp_path: Path):
    asked = 0

    def interrupted(request: Request) -> str:
        nonlocal asked
        asked += 1
        if asked == 300:
            raise KeyboardInterrupt
        return gullible(request)

    target = ScriptedTarget(interrupted)
    outcome = attack_arithmetic(config(), tmp_path / "run", target=target)
    assert outcome.results["partial"]["reason"] == "it was interrupted"
    assert finished_results(tmp_path / "run")["partial"]
    with read_only(tmp_path / "run" / "run.sqlite") as store:
        assert sum(row["queries"] for row in store.spent()) == 299


def test_a_dry_run_is_the_beginning_of_the_run_and_is_not_paid_for_again(tmp_path: Path):
    target = ScriptedTarget(gullible)
    forecast = dry_run(config(), tmp_path / "run", target=target)
    pilot = target.asked
    whole = attack_arithmetic(config(), tmp_path / "run", target=target)
    assert pilot < whole.results["cost"]["queries"]
    # what the pilot measured may be attacks that the whole run does not choose: no more than that
    assert target.asked - whole.results["cost"]["queries"] <= 0
    assert forecast.queries.low <= whole.results["cost"]["queries"] <= forecast.queries.high
    assert forecast.cost is None or forecast.cost.middle == 0
    with pytest.raises(ConfigError, match="finished"):
        dry_run(config(), tmp_path / "run", target=target)


def test_a_pilot_that_a_cap_leaves_nothing_to_measure_tells_nothing(tmp_path: Path):
    with pytest.raises(Stopped, match="nothing to measure"):
        dry_run(config(max_queries=1), tmp_path / "run", target=ScriptedTarget(gullible))


def test_ctrl_c_in_a_pilot_is_no_forecast(tmp_path: Path):
    def interrupted(request: Request) -> str:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        dry_run(config(), tmp_path / "run", target=ScriptedTarget(interrupted))
