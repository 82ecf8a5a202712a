"""The Python interface: a function under attack, and what is no target."""

from pathlib import Path

import pytest

import temper
from temper import api
from temper.errors import ConfigError

SMALL = {
    "attack.problems": 2,
    "attack.samples": 1,
    "attack.attackers": ["handwritten", "none"],
    "measure.problems": 2,
    "measure.max_attacks": 2,
    "measure.proposed": 1,
    "measure.clean_problems": 2,
}


def gullible(prompt: str) -> str:
    """Says the number that stands last before the question."""
    words = prompt.partition("What is")[0].split() or prompt.split()
    numbers = [word.strip(".,:;!?") for word in words if word.strip(".,:;!?").isdigit()]
    return numbers[-1] if numbers else "0"


def test_a_function_is_attacked_in_one_call_and_capped_in_another(tmp_path: Path):
    run = temper.attack(gullible, out=tmp_path / "run", search_queries=40, settings=SMALL)
    assert run.results["target"]["name"] == "gullible"
    assert (tmp_path / "run" / "report.html").exists()
    hits = [
        figure["value"]
        for figure in run.results["figures"]
        if figure["name"] == "attack.targeted" and figure["by"].get("attacks") == "accepted"
    ]
    assert max(hits) > 0.5
    capped = temper.attack(gullible, out=tmp_path / "capped", max_queries=5, settings=SMALL)
    assert capped.results["partial"]
    assert capped.results["cost"]["queries"] == 5


def test_every_name_of_the_interface_exists():
    for name in api.__all__:
        assert hasattr(api, name)
    assert temper.check(gullible)[0].startswith("gullible: ok, function")


def test_what_is_no_target_is_said():
    with pytest.raises(ConfigError, match="no target"):
        temper.attack(3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def test_an_unknown_name_of_the_package_is_an_attribute_error():
    with pytest.raises(AttributeError, match="hack"):
        _ = temper.hack  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
