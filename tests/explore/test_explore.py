"""Whole explorations of a scripted target: rounds, continuing, bad input."""

from pathlib import Path

import pytest

from temper.campaigns import explore as campaign
from temper.config import TargetConfig, load_explore
from temper.errors import ArtifactError, ConfigError, TargetError
from temper.protocols import Target
from temper.records import Request
from temper.run_folder import DATABASE, REPORT, Outcome
from temper.store import read_only
from temper.targets.scripted import ScriptedTarget
from tests.explore.conftest import Explore


def figures(outcome: Outcome, name: str) -> dict[str, float]:
    return {
        str(next(iter(row["by"].values()), "")): row["value"]
        for row in outcome.results["figures"]
        if row["name"] == name
    }


def test_an_exploration_keeps_distinct_texts_and_chooses_from_every_cluster(explore: Explore):
    outcome = explore()
    with read_only(outcome.folder / DATABASE) as store:
        samples = store.samples()
        chosen = store.samples(chosen=True)
    assert len({sample.text for sample in samples}) == len(samples)
    assert sum(sample.copies for sample in samples) == 120
    assert len(chosen) == 12
    assert {sample.cluster for sample in chosen} == {0, 1, 2, 3}
    natural = sum(sample.copies / (sample.inclusion or 0) for sample in chosen)
    assert natural == pytest.approx(120, rel=0.5)
    assert figures(outcome, "explore.drawn") == {"": 120}
    assert figures(outcome, "explore.dropped")["duplicate"] == 120 - len(samples)
    assert [row["size"] for row in outcome.results["clusters"]] == sorted(
        (row["size"] for row in outcome.results["clusters"]), reverse=True
    )
    assert set(figures(outcome, "explore.vendi")) == {"kmeans", "random"}


def test_the_same_call_asks_nothing_again_and_gives_the_same(
    explore: Explore, scripted: ScriptedTarget
):
    first = explore(rounds=2)
    asked = scripted.asked
    page = (first.folder / REPORT).read_text()
    assert explore(rounds=2).results == first.results
    assert scripted.asked == asked
    assert (first.folder / REPORT).read_text() == page


def test_more_draws_ask_only_for_what_is_new(explore: Explore, scripted: ScriptedTarget):
    explore(draws=100)
    explore(draws=130)
    assert scripted.asked == 130


def test_a_changed_setting_wants_its_stage_again(explore: Explore, scripted: ScriptedTarget):
    explore()
    with pytest.raises(ConfigError, match="add --redo choose"):
        explore(kept=8)
    assert explore(kept=8, redo="choose").results["clusters"]
    assert scripted.asked == 120
    with pytest.raises(ConfigError, match=r"explore\.temperature changed .*--redo draw"):
        explore(kept=8, temperature=0.5)
    explore(kept=8, temperature=0.5, redo="draw")
    assert scripted.asked == 240


def test_later_rounds_go_on_from_openings_of_what_was_said(explore: Explore):
    outcome = explore(rounds=3)
    with read_only(outcome.folder / DATABASE) as store:
        samples = store.samples()
    later = [sample for sample in samples if sample.round]
    assert {sample.round for sample in later} == {1, 2}
    assert all(sample.prompt and sample.text.startswith(sample.prompt) for sample in later)
    assert all(sample.prompt == "" for sample in samples if not sample.round)


def test_prompts_come_from_a_column_and_openings_from_lines(explore: Explore, tmp_path: Path):
    table = tmp_path / "prompts.csv"
    table.write_text('question\n"Where, then?"\nWho?\n')
    outcome = explore(source="prompts", file=str(table), column="question", rounds=2)
    with read_only(outcome.folder / DATABASE) as store:
        assert {sample.prompt for sample in store.samples()} == {"Where, then?", "Who?"}
    lines = tmp_path / "openings.txt"
    lines.write_text("The\n\nOld people\n")
    outcome = explore("other", source="openings", file=str(lines))
    with read_only(outcome.folder / DATABASE) as store:
        texts = [sample.text for sample in store.samples()]
    assert all(text.startswith(("The ", "Old people so ")) for text in texts)


def test_the_farthest_texts_carry_no_inclusion_probability(explore: Explore):
    outcome = explore(method="farthest")
    with read_only(outcome.folder / DATABASE) as store:
        chosen = store.samples(chosen=True)
    assert len(chosen) == 12
    assert all(sample.inclusion is None for sample in chosen)


def test_a_filter_trained_on_examples_drops_the_least_like(explore: Explore, tmp_path: Path):
    examples = tmp_path / "like.txt"
    examples.write_text("\n".join(f"The river number {n} runs by the sea." for n in range(80)))
    outcome = explore(like=str(examples), drop_share=0.3)
    dropped = figures(outcome, "explore.dropped")["not the wanted kind"]
    kept = figures(outcome, "explore.texts")[""]
    assert dropped == pytest.approx(0.3 * (dropped + kept), abs=2)
    assert figures(outcome, "explore.false_rejections")[""] == 0
    assert "certain: 0.0 %" in (outcome.folder / REPORT).read_text()


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        ({"draws": 3, "clusters": 20}, ConfigError, "fewer than explore.clusters"),
        ({"source": "prompts", "file": "nowhere.csv"}, ArtifactError, "does not exist"),
        ({"source": "prompts", "file": "t.csv", "column": "b"}, ArtifactError, "no column 'b'"),
        ({"source": "openings", "file": "latin.txt"}, ArtifactError, "not UTF-8"),
        ({"source": "openings", "file": "empty.txt"}, ArtifactError, "holds no text"),
        ({"source": "prompts"}, ConfigError, "name their file as explore.file"),
    ],
)
def test_bad_input_is_one_clear_line(
    explore: Explore,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    settings: dict[str, object],
    error: type[Exception],
    message: str,
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "t.csv").write_text("a\n1\n")
    (tmp_path / "latin.txt").write_bytes("Zürich\n".encode("latin-1"))
    (tmp_path / "empty.txt").write_text("\n\n")
    with pytest.raises(error, match=message) as caught:
        explore(**settings)
    assert "\n" not in str(caught.value)


def test_a_target_that_only_fails_is_named_with_its_first_error(
    explore: Explore, scripted: ScriptedTarget
):
    def fails(request: Request) -> str:
        raise ConnectionError("no route to host")

    scripted.script = fails
    with pytest.raises(TargetError, match=r"none of 120 responses.*no route to host"):
        explore()


def test_a_target_without_states_wants_an_encoder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def speaker(config: TargetConfig) -> Target:
        return ScriptedTarget()

    monkeypatch.setattr(campaign, "open_target", speaker)
    with pytest.raises(TargetError, match=r"name the folder of an encoder .* explore\.embed"):
        campaign.explore(load_explore(None), tmp_path / "run")


def test_hostile_text_is_counted_and_shown_and_never_run(
    explore: Explore, scripted: ScriptedTarget
):
    hostile = "</script><script>alert(1)</script> is a long text \u202e {n}."

    def say(request: Request) -> str:
        number = int(request.id, 16) % 50
        if number < 10:
            return ["\x00 broken text is here.", "\ud800 lone one is here."][number % 2]
        return hostile.replace("{n}", str(number))

    scripted.script = say
    outcome = explore()
    page = (outcome.folder / REPORT).read_text()
    assert figures(outcome, "explore.dropped")["broken characters"] > 0
    assert "<script>alert(1)" not in page
    assert not {"\x00", "\u202e"} & set(page)
