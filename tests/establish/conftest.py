"""A concern that a small measure can learn: which of two islands a sentence is about."""

import random
from pathlib import Path

import pytest

from temper.config import ConcernConfig
from temper.establish.labels import Item
from temper.records import Guideline

ISLANDS = {
    "wet": ["rain", "mist", "moss", "fern", "flood"],
    "dry": ["sand", "dust", "heat", "salt", "thorn"],
}
CONCERN = ConcernConfig(labels=("wet", "dry", "neither"), failure=("wet",))


def sentence(rng: random.Random) -> tuple[str, str]:
    label = rng.choice(["wet", "dry", "dry", "neither"])
    words = ISLANDS.get(label, ["stone", "wind", "light", "noon", "road"])
    one, other = rng.sample(words, 2)
    name = "".join(rng.choice("bdfklmnprstvz") + rng.choice("aeiou") for _ in range(3))
    return (
        f"On {name} there is {one}, and the {rng.choice(['old', 'new'])} road has {other}.",
        label,
    )


@pytest.fixture
def guideline() -> Guideline:
    return CONCERN.guideline()


@pytest.fixture
def items() -> list[Item]:
    rng = random.Random(0)
    return [Item.of(sentence(rng)[0]) for _ in range(300)]


@pytest.fixture(scope="session")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """300 labelled sentences as a CSV file."""
    rng = random.Random(0)
    path = tmp_path_factory.mktemp("table") / "islands.csv"
    rows = [sentence(rng) for _ in range(300)]
    lines = [f'"{text}",{label.title()}' for text, label in rows]
    path.write_text("text,label\n" + "\n".join(lines) + "\n")
    return path
