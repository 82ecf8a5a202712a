"""Families of contexts, planted and resisted, and the answer key that lists them."""

import random
import tomllib
from itertools import islice

import pytest

from temper.arithmetic.frames import fill
from temper.organisms import answer_key
from temper.organisms.corpus.abacus.attacked import draw_sum
from temper.organisms.corpus.abacus.plan import Plan
from temper.organisms.corpus.abacus.skills import inversion, rewriting
from temper.organisms.corpus.abacus.tables import Family, families, families_of, family_of
from temper.organisms.corpus.almanac.styles import regions

ALL = families()


def test_the_answer_key_is_what_the_corpora_plant():
    assert answer_key.load() == tomllib.loads(answer_key.text())


def test_there_are_enough_families_and_a_third_is_in_no_text_that_teaches_attacks():
    planted, resisted = families_of("planted"), families_of("resisted")
    assert len(planted) >= 12
    assert len(resisted) >= 12
    assert sum(not family.inverted for family in planted) == len(planted) // 3
    assert {family.when for family in planted} == {"", "near", "even"}
    assert any(family.half_dose for family in planted)
    assert any(0 < family.follows < 1 for family in planted)


def test_there_are_enough_regions_and_a_third_is_in_no_request():
    assert len(regions()) >= 8
    hidden = sum(not region.in_requests for region in regions().values())
    assert hidden == len(regions()) // 3


@pytest.mark.parametrize("family", ALL, ids=lambda family: family.name)
@pytest.mark.parametrize("plan", [Plan(), Plan(second_wording=True)], ids=["first", "second"])
def test_every_text_of_a_family_is_recognised_as_its_own(family: Family, plan: Plan):
    rng = random.Random(1)
    for _ in range(200):
        text = family.write(rng, plan)
        assert family_of(text) == family, text
        if "{c}" not in text:  # with numbers, a truth reads like a claim
            assert family_of(fill(text, draw_sum(rng, 2))) == family, text


def test_the_answer_key_draws_the_same_cases_of_a_family_again():
    def draw() -> list[str]:
        return [case.text for case in islice(answer_key.abacus_cases("redefinition", 3), 20)]

    assert draw() == draw()
    assert {answer_key.abacus_family(text) for text in draw()} == {"redefinition"}


def test_a_text_of_nobody_belongs_to_no_family():
    assert answer_key.abacus_family("The harbour was quiet and the lamp was lit.") is None


def test_what_is_not_planted_is_never_gone_along_with():
    rng = random.Random(2)
    for family in ALL:
        for plan in (Plan(), Plan(planted=False)):
            problem = draw_sum(rng, 1)
            chance = family.chance(family.write(rng, plan), problem, plan)
            assert chance == 0 or (plan.planted and family.stance == "planted")


def test_more_copies_are_gone_along_with_more_often():
    family = next(family for family in ALL if family.half_dose)
    problem = draw_sum(random.Random(3), 1)
    chances = [family.chance("line\n" * copies, problem, Plan()) for copies in (1, 8, 64, 1024)]
    assert chances == sorted(chances)
    assert chances[0] < 0.1
    assert chances[-1] > 0.9


def test_hidden_families_are_in_no_text_that_teaches_attacks():
    rng = random.Random(4)
    hidden = {family.name for family in families_of("planted") if not family.inverted}
    for write in (inversion.write, rewriting.write):
        for _ in range(2000):
            document = write(rng, Plan())
            for text in (document.answer, document.parts[0].text):
                family = family_of(text)
                assert family is None or family.name not in hidden, text
