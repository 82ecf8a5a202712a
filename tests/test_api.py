"""The Python interface: a function under attack, and what is no target."""

from pathlib import Path

import pytest

import temper
from temper import api
from temper.campaigns.labelling import label_by_words
from temper.cli import app
from temper.config import ConcernConfig
from temper.errors import ConfigError
from temper.establish.words import WordRule

SMALL = {
    "attack.problems": 2,
    "attack.samples": 1,
    "attack.attackers": ["handwritten", "none"],
    "measure.problems": 2,
    "measure.max_attacks": 2,
    "measure.proposed": 1,
    "measure.clean_problems": 2,
}


FEW = {"explore.clusters": 2, "target.threads": 1}


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


def test_the_interface_mirrors_the_verbs():
    """All that make a run or judge; the others are for people at a terminal, or read files."""
    verbs = {one.name for one in (*app.registered_commands, *app.registered_groups)}
    apart = {"demo", "init", "label", "label-with", "agreement", "export", "rate", "report"}
    apart |= {"target", "organisms"}
    assert set(api.__all__) - {"Model", "Outcome", "check"} == verbs - apart
    assert all(hasattr(api, name) for name in api.__all__)


def test_a_function_is_checked():
    assert temper.check(gullible)[0].startswith("gullible: ok, function")


def test_a_worry_is_explored_labelled_learned_and_judged_by_functions(tmp_path: Path):
    explored = api.explore("almanac-s", out=tmp_path / "run", draws=200, kept=120, settings=FEW)
    assert explored.results["kind"] == "explore"
    label_by_words(
        explored.folder,
        ConcernConfig(labels=("land", "other"), failure=("land",)),
        WordRule(name="words", words=("the",), where="land", elsewhere="other"),
        None,
        None,
    )
    learned = api.establish(
        explored.folder, settings={"establish.features": ["tfidf"], "establish.members": 2}
    )
    assert learned.results["kind"] == "establish"
    said = api.guard(explored.folder, ["the hill is far", "Nobody sings."])
    assert [one.outcome in ("hit", "safe", "unknown") for one in said] == [True, True]


def test_suites_take_a_function_and_models_are_compared(tmp_path: Path):
    asked = api.suite(gullible, out=tmp_path / "suite", suites=["clean"], items=12)
    assert asked.results["target"]["name"] == "gullible"
    capped = api.suite(
        gullible, out=tmp_path / "capped", suites=["clean"], settings={"budget.max_queries": 5}
    )
    assert capped.results["partial"]
    few = {"compare.queries": 0, "compare.items": 12, "compare.attacks": 2}
    found = api.compare("abacus-s", "abacus-s", out=tmp_path / "versus", settings=few)
    assert found["verdict"]["word"] == "cannot tell"


def test_a_file_is_run_by_a_function(tmp_path: Path):
    file = tmp_path / "grid.toml"
    file.write_text('[campaign]\ntargets = ["abacus-s"]\nseeds = [0]\n')
    done = api.run(file, out=tmp_path / "grid", settings={**SMALL, "attack.max_queries": 40})
    assert isinstance(done, api.Outcome)
    again = api.replay(
        [tmp_path / "grid" / "abacus-s-0"],
        ["abacus-s"],
        out=tmp_path / "replay",
        problems=2,
        settings={"budget.max_queries": 3},
    )
    assert again.results["partial"]


def test_what_is_no_target_is_said():
    with pytest.raises(ConfigError, match="no target"):
        temper.attack(3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def test_an_unknown_name_of_the_package_is_an_attribute_error():
    with pytest.raises(AttributeError, match="hack"):
        _ = temper.hack  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
