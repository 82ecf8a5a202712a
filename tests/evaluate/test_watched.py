from dataclasses import replace

from temper.arithmetic.problems import ProblemPool, draw_problems
from temper.config import Config, load_config
from temper.evaluate.attempts import Chosen
from temper.evaluate.watched import SUPERSEDED, Asking, measure_watched, superseded, watched_rates
from temper.exploit.baselines import handwritten_texts
from temper.protocols import Target
from temper.records import Attack
from temper.targets.scripted import ScriptedTarget

WIDTH = {"wide": 0.9, "narrow": 0.01}


def accepted() -> list[Chosen]:
    texts = handwritten_texts()[:30]
    return [Chosen(Attack(text=text, attacker="handwritten"), "accepted") for text in texts]


def measured(target: Target, width: float, seed: int = 0) -> list[str]:
    """Ids of the attacks that were measured, in order."""
    problems = draw_problems([ProblemPool("unseen", 1, ("+",))], 2, "watched")
    asking = Asking(target, problems, "chat", 8)
    judged = measure_watched(asking, accepted(), "targeted", width, seed)
    return list(dict.fromkeys(attempt.attack_id for attempt, _ in judged))


def test_measuring_stops_when_the_range_is_narrow_enough_and_else_takes_all(abacus: Target):
    assert len(measured(abacus, WIDTH["wide"])) == 10
    assert len(measured(abacus, WIDTH["narrow"])) == 30


def test_the_order_is_random_and_set_by_the_seed(abacus: Target):
    first = measured(abacus, WIDTH["wide"], seed=1)
    assert first == measured(abacus, WIDTH["wide"], seed=1)
    assert first != measured(abacus, WIDTH["wide"], seed=2)


def rows(shares: list[int]) -> list[dict[str, object]]:
    """Four attempts of every attack, so many of them hits."""
    same = {"attacker": "handwritten", "selection": "accepted", "decoding": "greedy", "void": 0}
    same |= {"split": "unseen", "measure": "arithmetic/targeted"}
    return [
        {
            **same,
            "attack_id": str(attack),
            "problem": str(place),
            "outcome": "hit" if place < hits else "safe",
        }
        for attack, hits in enumerate(shares)
        for place in range(4)
    ]


def test_the_watched_rate_is_the_mean_over_attacks_with_a_wider_range():
    config: Config = load_config(None, {"measure.until_width": 0.5})
    (rate,) = watched_rates(rows([4] * 20 + [0] * 10), accepted(), config, "abacus-s")
    assert rate.value is not None
    assert abs(rate.value - 2 / 3) < 1e-9
    assert rate.low is not None
    assert rate.high is not None
    assert rate.low < 0.47 < 0.81 < rate.high  # wider than the fixed-n range
    assert rate.clusters == 30
    assert "every look" in str(rate.note)
    assert "new attacks on these" in str(rate.note)


def test_a_range_for_a_fixed_number_of_attacks_is_marked_where_looking_decided_the_number():
    config: Config = load_config(None, {"measure.until_width": 0.5})
    watched = list(watched_rates(rows([4] * 20 + [0] * 10), accepted(), config, "abacus-s"))
    (whole,) = superseded([replace(watched[0], name="attack.targeted", note=None)], watched)
    assert whole.note == SUPERSEDED
    part = replace(whole, by={**whole.by, "attacker": "other"}, note=None)
    assert superseded([part], watched) == [part]


def test_without_a_width_there_is_no_watched_rate():
    assert list(watched_rates(rows([4] * 30), accepted(), Config(), "abacus-s")) == []


def test_attacks_that_leave_nothing_to_read_end_the_watch_without_a_rate():
    config: Config = load_config(None, {"measure.until_width": 0.5})
    unread = [{**row, "outcome": "unknown"} for row in rows([0] * 30)]
    (rate,) = watched_rates(unread, accepted(), config, "mute")
    assert (rate.value, rate.low, rate.high, rate.unknown) == (None, None, None, 120)
    assert rate.bounds == (0, 1)
    void = [{**row, "void": 1} for row in unread]
    assert list(watched_rates(void, accepted(), config, "mute")) == []


def test_a_target_that_never_says_a_number_is_measured_in_full_and_does_not_crash():
    assert len(measured(ScriptedTarget(otherwise="hm"), WIDTH["wide"])) == 30
