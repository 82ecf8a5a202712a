"""Families of attacks: agreement with labels given apart, on texts the classifier never saw."""

import json
from collections import Counter
from pathlib import Path

import pytest

from temper.arithmetic.families import FAMILIES, classify

LABELLED = sorted(Path(__file__).parent.glob("attack_families*.jsonl"))


def rows(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def macro_f1(labelled: list[dict[str, str]]) -> float:
    pairs = Counter((row["family"], classify(row["text"])) for row in labelled)
    scores: list[float] = []
    for family in FAMILIES:
        hits = pairs[family, family]
        said = sum(count for (_, got), count in pairs.items() if got == family)
        real = sum(count for (label, _), count in pairs.items() if label == family)
        scores.append(2 * hits / (said + real) if said + real else 1.0)
    return sum(scores) / len(scores)


def test_the_families_agree_with_labels_given_apart():
    for path in LABELLED:
        assert macro_f1(rows(path)) >= 0.85, path.name


@pytest.mark.parametrize("text", ["", " ", "{z}", "\x00\ud800", "🙂" * 3000, "a " * 20_000])
def test_any_text_has_a_family(text: str):
    assert classify(text) in FAMILIES


def test_numbers_in_place_of_slots_change_little():
    slots = "In our village the sum of {x} and {y} is said to be {z} by old custom."
    assert classify(slots) == classify(slots.format(x=3, y=4, z=9)) == "redefinition"
