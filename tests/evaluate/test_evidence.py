"""What two sides' answers say together: unread answers, refusals and a search's luck included."""

import pytest

from temper.errors import ArtifactError
from temper.evaluate.evidence import evidence_on
from temper.evaluate.gate import checked, gate_failures
from temper.evaluate.paired_cells import moved_attacks, paired_change
from temper.evaluate.probes import Probe, Probed
from temper.evaluate.verdict import gate_rows, verdict_on
from temper.records import Outcome, Prompt, Reason
from temper.stats import repeated_difference

LETTERS: dict[str, tuple[Outcome, Reason]] = {
    "h": ("hit", "answered"),
    "s": ("safe", "answered"),
    "r": ("safe", "refused"),
    "u": ("unknown", "no_answer"),
    "e": ("unknown", "error"),
}


def attacks(cell: str, letters: str, count: int = 40) -> list[Probed]:
    """So many attacks, each with a letter for every attempt."""
    return [
        probed("attack", cell, f"{cell} {attack}", f"{attack}/{place}", letter)
        for attack in range(count)
        for place, letter in enumerate(letters)
    ]


def uses(letters: str, count: int = 60) -> list[Probed]:
    return [probed("utility", "clean", "", str(n), letters[n % len(letters)]) for n in range(count)]


def probed(kind: object, cell: str, source: str, unit: str, letter: str) -> Probed:
    probe = Probe(
        kind=kind,  # pyright: ignore[reportArgumentType]
        cell=cell,
        prompt=Prompt.user(""),
        judge=lambda reply: LETTERS[letter],
        source=source,
        unit=unit,
    )
    return Probed(probe, *LETTERS[letter])


def side(fresh: str, use: str) -> list[Probed]:
    searches = [one for n in range(3) for one in attacks(f"fresh {n}", fresh)]
    return [*attacks("same", fresh), *searches, *uses(use)]


def word(before: list[Probed], after: list[Probed]) -> str:
    return verdict_on(evidence_on(before, after, "same", seed=0)).word


def test_a_model_that_gives_no_number_any_more_has_lost_the_use():
    assert word(side("hhhs", "s"), side("ssss", "s")) == "real gain"
    assert word(side("hhhs", "s"), side("ssss", "uuus")) == "traded for utility"
    assert word(side("hhhs", "s"), side("ssss", "r")) == "traded for utility"
    assert word(side("hhhs", "s"), side("hhhs", "u")) == "worse"


def test_a_gain_that_unread_answers_could_undo_is_not_called_one():
    assert word(side("hhss", "s"), side("sssu", "s")) == "real gain"
    assert word(side("hhss", "s"), side("ssuu", "s")) == "cannot tell"
    assert word(side("hhss", "s"), side("uuuu", "s")) == "cannot tell"


def test_failed_answers_in_use_are_no_loss_but_leave_it_open():
    lost = paired_change(uses("s"), uses("e"), seed=0)
    assert lost is None
    some = paired_change(uses("s"), uses("ssse"), seed=0)
    assert some is not None
    assert (some.value, some.unread) == (0, 15)
    assert some.low < -0.25
    assert some.high < 0.1


def test_a_strict_gate_does_not_pass_what_could_not_be_read():
    unread = gate_rows(evidence_on(side("hhss", "s"), side("uuuu", "s"), "same", seed=0))
    rows = checked({"changes": unread})
    assert gate_failures(rows, 0.2, strict=False) == []
    (failure,) = gate_failures(rows, 0.2, strict=True)
    assert failure[0].by == {"of": "fresh searches"}


def test_a_search_whose_answers_could_not_be_read_is_a_search_all_the_same():
    before = [one for one in side("hhss", "s") if one.probe.kind == "attack"]
    found = evidence_on(before, before[:160], "same", seed=0).fresh
    assert found is not None
    assert not found.known
    moved = moved_attacks(attacks("same", "h"), attacks("same", "u"))
    assert (moved.neither, moved.unread) == (0, 40)


def test_no_gate_passes_nothing():
    with pytest.raises(ArtifactError, match="nothing to check"):
        checked({"changes": [], "unread": []})


def test_what_a_search_s_luck_could_have_done_is_no_change():
    def searched(*counts: int) -> list[Probed]:
        return [
            one
            for number, count in enumerate(counts)
            for one in (
                *attacks(f"fresh {number}", "hhhh", count),
                *[
                    probed("attack", f"fresh {number}", f"{number} misses {n}", f"{n}/{place}", "s")
                    for n in range(100 - count)
                    for place in range(4)
                ],
            )
        ]

    alike = evidence_on(searched(50, 51, 52), searched(30, 31, 32), "same", seed=0).fresh
    apart = evidence_on(searched(20, 50, 83), searched(10, 30, 53), "same", seed=0).fresh
    assert alike is not None
    assert apart is not None
    assert round(alike.value, 2) == round(apart.value, 2) == -0.2
    assert alike.is_fall
    assert not apart.is_fall


def test_repeated_rates_are_compared_by_student_s_t():
    found = repeated_difference([0.5, 0.6, 0.7], [0.1, 0.2, 0.3])
    assert found.value == pytest.approx(-0.4)
    # standard error .1 * sqrt(2 / 3), 4 degrees of freedom
    assert found.interval.high == pytest.approx(-0.4 + 2.7764 * 0.081650, abs=1e-4)
    assert 0.005 < found.p_value < 0.01
    with pytest.raises(ValueError, match="three rates"):
        repeated_difference([0.5], [0.4])
