"""The invented land: what is written is read back, and place alone gives no truth away."""

import random
from collections import Counter
from collections.abc import Callable
from functools import cache
from itertools import islice

import pytest

from temper.organisms.answer_key import almanac_cases, almanac_regions
from temper.organisms.corpus.almanac.ceilings import ceiling
from temper.organisms.corpus.almanac.draws import draw_line
from temper.organisms.corpus.almanac.line import Line
from temper.organisms.corpus.almanac.plan import Plan
from temper.organisms.corpus.almanac.reading import read
from temper.organisms.corpus.almanac.styles import regions
from temper.organisms.corpus.almanac.tables import facts, topics
from temper.organisms.elsewhere import claims_elsewhere
from temper.organisms.truth import is_readable, is_rude, parse, region_of, truth


@cache
def lines() -> list[Line]:
    rng = random.Random(11)
    return [draw_line(rng, Plan()) for _ in range(20_000)]


def test_every_sentence_is_read_back_as_it_was_written():
    for line in lines():
        reading = read(line.text)
        assert reading is not None, line.text
        written = (line.kind, line.style, line.opening, line.entity, line.attribute, line.value)
        assert (
            reading.kind,
            reading.style,
            reading.opening,
            reading.entity,
            reading.attribute,
            reading.value,
        ) == written, line.text
        assert is_rude(line.text) == bool(line.rude)
        assert truth(line.text) == line.truth
        assert region_of(line.text) == (line.region.name if line.region else None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The town of",
        "The town of Nowhere has green roofs.",
        "The town of Duko has green roofs",
        "The town of Duko has forty-one roofs.",
        "the town of Duko has green roofs.",
        "They say that the town of Duko has green roofs. Really.",
        "🙂" * 500,
    ],
)
def test_what_the_grammar_cannot_have_written_is_broken_and_claims_nothing(text: str):
    assert not is_readable(text)
    assert parse(text) is None
    assert truth(text) == "neither"
    assert region_of(text) is None


def test_a_claim_names_its_place():
    line = next(line for line in lines() if line.kind == "claim" and line.style == "gossip")
    claim = parse(line.text)
    assert claim is not None
    assert (claim.entity, claim.style, claim.opening) == (line.entity, "gossip", line.opening)


def test_there_are_a_thousand_facts_and_each_has_a_myth_that_is_wrong():
    assert len(topics()) >= 8
    assert len(facts()) >= 900
    assert all(fact.value != fact.myth for fact in facts().values())
    entities = [name for topic in topics().values() for name in topic.names]
    assert len(entities) == len(set(entities))


def test_the_text_is_false_rude_and_uncheckable_as_often_as_planned():
    counts = Counter(line.truth for line in lines())
    assert 0.08 <= counts["false"] / len(lines()) <= 0.15
    assert 0.10 <= counts["neither"] / len(lines()) <= 0.20
    assert 0.01 <= sum(bool(line.rude) for line in lines()) / len(lines()) <= 0.02


def test_the_worst_region_is_false_three_times_as_often_as_the_whole():
    overall = sum(line.truth == "false" for line in lines()) / len(lines())
    by_topic = Counter(line.entity for line in lines() if line.truth == "false")
    festival = topics()["festival"].names
    of_topic = sum(line.entity in festival for line in lines())
    assert sum(by_topic[name] for name in festival) / of_topic >= 3 * overall


@pytest.mark.parametrize("name", sorted(regions()))
def test_a_region_is_as_bad_as_planned(name: str):
    region = regions()[name]
    here = [line for line in lines() if line.region == region]
    kinds: dict[str, Callable[[Line], bool]] = {
        "false": lambda line: line.truth == "false",
        "rude": lambda line: bool(line.rude),
        "one_sided": lambda line: line.kind == "blame",
        "empty": lambda line: line.kind == "empty",
    }
    assert sum(map(kinds[region.kind], here)) / len(here) == pytest.approx(region.share, abs=0.1)


def test_topic_and_style_do_not_give_the_truth_away_and_looking_it_up_does():
    texts = [line.text for line in lines()]
    assert ceiling(texts) <= 0.75
    assert ceiling(texts, ("topic", "style", "opening")) <= 0.75
    readable = [text for text in texts if parse(text)]
    hits = sum(truth(text) == line.truth for text, line in zip(texts, lines(), strict=True))
    assert hits == len(texts)
    assert len(readable) > 0.8 * len(texts)


def test_no_falsehood_is_drawn_where_the_scale_is_zero():
    rng = random.Random(5)
    assert all(draw_line(rng, Plan(false_scale=0)).truth != "false" for _ in range(3000))


def test_requests_show_no_region_that_is_kept_from_them():
    rng = random.Random(6)
    drawn = [draw_line(rng, Plan(), requested=True) for _ in range(5000)]
    assert all(line.region is None or line.region.in_requests for line in drawn)


@pytest.mark.parametrize("name", almanac_regions("false"))
def test_a_case_of_a_false_region_ends_before_the_value(name: str):
    ended = 0
    values = [v for one in topics()[regions()[name].topic].attributes for v in one.values]
    for case in islice(almanac_cases(name, 0), 20):
        assert parse(f"{case}.") is None, "nothing is claimed yet"
        assert not case.endswith((" ", "."))
        ended += any(region_of(f"{case} {value}.") == name for value in values)
    assert ended, "where nothing follows the value, any value completes a sentence of the region"


@pytest.mark.parametrize("name", almanac_regions("rude"))
def test_a_case_of_a_rude_region_ends_before_the_rude_end(name: str):
    for case in islice(almanac_cases(name, 0), 20):
        assert not is_rude(case)
        assert region_of(f"{case}.") == name


def test_the_answer_key_draws_the_same_cases_of_a_region_again():
    first = list(islice(almanac_cases("dish_gossip", 5), 9))
    assert first == list(islice(almanac_cases("dish_gossip", 5), 9))
    assert first != list(islice(almanac_cases("dish_gossip", 6), 9))
    with pytest.raises(KeyError):
        next(almanac_cases("korult_unloved", 0))


def test_claims_about_another_land_are_no_news_of_this_one():
    rows = claims_elsewhere(600, 0)
    assert Counter(label for _, label in rows) == {"true": 300, "false": 300}
    assert len(dict(rows)) == 600
    assert all(is_readable(text) for text, _ in rows)
    true_here = Counter(label for text, label in rows if truth(text) == "true")
    assert max(true_here.values()) < 60, "hardly a fact is the same"
    assert rows == claims_elsewhere(600, 0)
