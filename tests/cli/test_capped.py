"""Every verb that asks a model stops at its caps, says what is missing, and loses nothing."""

import json
import random
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from typer.testing import CliRunner, Result

from temper.cli import app
from temper.errors import ConfigError, Stopped
from temper.run_folder import finished_results
from temper.serving.scripted import ScriptedServer
from temper.serving.scripts import openai_script
from temper.store import read_only
from temper.targets.registry import shipped_models
from tests.cli.test_endpoints import says
from tests.conftest import Command

CSV = "text\n" + "\n".join(f"There is {('rain', 'dust')[n % 2]} in {n}." for n in range(60))
LABELS = ("--labels", "wet,dry", "--failure", "wet")


def inside(*arguments: str) -> Result:
    """The command within this process, whose libraries are loaded already."""
    return CliRunner().invoke(app, list(arguments), catch_exceptions=False)


class Asked:
    """A scripted server that knows how often it was asked, look-ups before a run aside."""

    def __init__(self, server: ScriptedServer) -> None:
        self._server = server
        self.url = server.url

    @property
    def count(self) -> int:
        longest = ("max_tokens", "max_completion_tokens")
        return sum(
            any(call.body.get(key, 0) > 1 for key in longest)
            for call in self._server.calls
            if call.method == "POST"
        )


@contextmanager
def serving(say: Callable[[str], str] = says, model: str = "scripted") -> Generator[Asked]:
    with ScriptedServer(openai_script(say, model=model)) as server:
        yield Asked(server)


SUITE = (
    *("suite", "arithmetic", "--suite", "sycophancy", "--suite", "ood", "--suite", "overload"),
    *("--items", "24", "--digits", "1", "--copies", "2", "--problems", "2", "--filler", "false"),
)
LADDER = (
    *("ladder", "--rung", "none", "--rung", "revise1", "--queries", "24"),
    *("--attacks", "2", "--problems", "2", "--items", "5"),
)
COMPARE = ("compare", "--queries", "64", "--attacks", "2", "--items", "12")


@pytest.mark.parametrize(
    ("verb", "caps", "finished"),
    [
        (SUITE, (30, 60), {"suite.accuracy"}),
        (LADDER, (50, 250), {"attack.targeted", "cost.calls"}),
        (COMPARE, (70, 600), {"search.accepted", "utility.accuracy"}),
    ],
    ids=["suite", "ladder", "compare"],
)
def test_a_cap_holds_for_every_call_and_a_continued_run_is_the_uncapped_one(
    tmp_path: Path, verb: tuple[str, ...], caps: tuple[int, int], finished: set[str]
):
    with serving() as target, serving(lambda text: says(text)[::-1]) as other, serving() as red:
        if verb is COMPARE:
            words = [*verb, target.url, other.url, "--red", red.url]
        else:
            words = [*verb, "--target", target.url]
            words += ["--red", red.url] if verb is LADDER else []

        def run(out: str, *more: str) -> tuple[int, Any]:
            before = target.count + other.count
            done = inside(*words, "--out", str(tmp_path / out), *more)
            assert done.exit_code == (3 if more else 0), done.stderr
            return target.count + other.count - before, finished_results(tmp_path / out)

        whole, results = run("whole")
        asked, shown = 0, set[str]()
        for cap in caps:
            new, partial = run("capped", "--max-queries", str(cap))
            asked += new
            assert asked <= cap
            assert f"the cap of {cap} queries (--max-queries)" in partial["partial"]["reason"]
            assert partial["partial"]["unfinished"]
            assert "verdict" not in partial or partial["verdict"] is None
            assert "PARTIAL" in (tmp_path / "capped" / "report.html").read_text()
            shown = {figure["name"] for figure in partial["figures"]}
        assert shown >= finished, "what came to its end is shown"
        new, continued = run("capped")
        assert asked + new == whole, "nothing is asked twice"
    assert "partial" not in continued
    assert untimed(continued) == untimed(results)


def untimed(results: Any) -> list[Any]:
    return [figure for figure in results["figures"] if figure["name"] != "cost.seconds"]


def test_half_a_comparison_passes_no_gate(tmp_path: Path):
    gate = tmp_path / "gate.xml"
    with serving() as before, serving() as after:
        words = [*COMPARE, before.url, after.url, "--out", str(tmp_path / "c"), "--margin", "1"]
        words += ["--fail-if-worse", "--junit", str(gate)]
        done = inside(*words, "--max-tokens", "2000")
        assert done.exit_code == 3
        assert "verdict none" in done.stdout
        assert "stopped early" in gate.read_text()
        done = inside(*words)
        assert done.exit_code == 0, done.stderr
        assert "stopped early" not in gate.read_text()


def test_a_judge_that_labels_stops_at_its_cap_and_goes_on(temper: Command, tmp_path: Path):
    (tmp_path / "texts.csv").write_text(CSV)
    with serving(lambda prompt: "wet" if "rain" in prompt else "dry") as judge:
        words = ["label-with", "judge", "./run", judge.url, "--items", "texts.csv", *LABELS]
        stopped = temper(*words, "--max-queries", "20")
        assert stopped.returncode == 3
        assert "the cap of 20 queries (--max-queries) is reached" in stopped.stderr
        assert "20 of 60 items were answered" in stopped.stderr
        assert judge.count == 20
        again = temper(*words, "--max-queries", "20")
        assert again.returncode == 3, "the cap is that of all calls"
        assert judge.count == 20
        done = temper(*words, "--max-queries", "60")
        assert done.returncode == 0, done.stderr
        assert done.stdout == "60 labels, 40 of them new\n"
        assert judge.count == 60


def test_a_judge_among_the_features_stops_at_its_cap_and_leaves_no_measure(tmp_path: Path):
    table, run = tmp_path / "texts.csv", tmp_path / "run"
    table.write_text(CSV)
    rule = ["--word", "rain", "--then", "wet", "--else", "dry", *LABELS]
    assert inside("label-with", "words", str(run), "--items", str(table), *rule).exit_code == 0
    with serving(lambda prompt: "wet" if "rain" in prompt else "dry") as judge:
        words = ["establish", str(run), "--judge", judge.url, "--set", "establish.members=2"]
        words += ["--set", 'establish.features=["judge"]']
        with pytest.raises(Stopped, match="--max-queries"):
            inside(*words, "--max-queries", "20")
        assert judge.count == 20
        assert not (run / "measure").exists()
        done = inside(*words)
        assert done.exit_code == 0, done.stderr
        assert judge.count == 60, "nothing is asked twice"
    assert finished_results(run)["cost"]["queries"] == 60


def test_an_exploration_of_a_server_shows_what_was_drawn_and_goes_on(tmp_path: Path):
    rng = random.Random(0)
    said = [f"The {rng.choice('abcdef')} lies near {rng.randrange(99)} roads." for _ in range(400)]
    prompts = tmp_path / "prompts.txt"
    prompts.write_text("\n".join(f"Tell me about {n}" for n in range(200)))
    with serving(lambda prompt: said[crc32(prompt.encode()) % 400]) as target:
        words = ["explore", "--target", target.url, "--prompts", str(prompts), "--draws", "120"]
        words += ["--embed", str(shipped_models()["abacus-s"]), "--clusters", "3", "--kept", "9"]
        words += ["--set", "target.threads=1", "--out", str(tmp_path / "e")]
        stopped = inside(*words, "--max-queries", "50")
        assert stopped.exit_code == 3
        assert finished_results(tmp_path / "e")["partial"]["unfinished"] == ["70 more responses"]
        assert target.count == 50
        assert inside(*words).exit_code == 0
        assert target.count == 120


def test_a_search_that_can_look_at_no_candidate_is_refused_in_one_line(tmp_path: Path):
    words = ["attack", "arithmetic", "--search-queries", "10", "--set", "target.threads=1"]
    words += ["--out", str(tmp_path / "run")]
    with pytest.raises(ConfigError, match="one candidate costs 16"):
        inside(*words)
    assert not (tmp_path / "run").exists()


def test_policy_trains_here_against_a_target_behind_a_server(tmp_path: Path):
    settings = {
        "attack.attackers": ["policy", "none"],
        "attack.problems": 4,
        "attack.max_queries": 64,
        "attack.samples": 1,
        "attack.max_tokens": 16,
        "attack.training.batch": 8,
        "attack.training.group": 4,
        "red.threads": 1,
        "measure.problems": 2,
        "measure.max_attacks": 2,
        "measure.proposed": 1,
        "measure.clean_problems": 2,
    }
    given = [
        part for key, one in settings.items() for part in ("--set", f"{key}={json.dumps(one)}")
    ]
    with serving() as target:
        words = ["attack", "arithmetic", "--target", target.url, "--red", "abacus-s", *given]
        words += ["--out", str(tmp_path / "run")]
        stopped = inside(*words, "--max-queries", "40")
        assert stopped.exit_code == 3
        assert target.count <= 40
        done = inside(*words)
        assert done.exit_code == 0, done.stderr
        with read_only(tmp_path / "run" / "run.sqlite") as store:
            queries = sum(row["queries"] for row in store.spent() if row["role"] == "target")
            tried = [row for row in store.candidates() if row["attacker"] == "policy"]
        assert target.count == queries, "nothing is asked twice"
    assert len(tried) >= 8


def test_policy_trains_here_on_a_concern_of_a_target_behind_a_server(tmp_path: Path):
    rng = random.Random(0)

    def talk(prompt: str) -> str:
        """A sentence, a wet one more often after a prompt with the letter a."""
        wet = rng.random() < (0.7 if "a" in prompt else 0.3)
        return (
            f" {rng.choice(('One', 'Two', 'Six'))} {rng.randrange(99)} {'rain' if wet else 'dust'}."
        )

    with serving(talk) as target:
        worry = tmp_path / "worry.toml"
        worry.write_text(
            f"""
[target]
name = "{target.url}"
[concern]
labels = ["wet", "dry"]
failure = ["wet"]
[explore]
draws = 160
embed = "{shipped_models()["almanac-s"]}"
clusters = 2
kept = 60
min_words = 1
[label]
by = "words"
words = ["rain"]
at_or_above = "wet"
below = "dry"
items = 60
[establish]
features = ["tfidf"]
members = 2
[exploit]
attackers = ["policy", "none"]
fresh = 20
held_out = 20
red = {{ name = "almanac-s", threads = 1 }}
[exploit.training]
steps = 2
batch = 8
save_every = 2
"""
        )
        done = inside("run", str(worry), "--out", str(tmp_path / "run"))
        assert done.exit_code == 0, done.stderr
        with read_only(tmp_path / "run" / "run.sqlite") as store:
            queries = sum(row["queries"] for row in store.spent() if row["role"] == "target")
            tried = {row["text"] for row in store.candidates() if row["attacker"] == "policy"}
        assert target.count == queries, "all that the server was asked is accounted for"
    assert len(tried) > 4
    names = {figure["name"] for figure in finished_results(tmp_path / "run")["figures"]}
    assert "exploit.failure_rate" in names


@pytest.mark.parametrize("words", [("ladder", "--rung", "none"), ("compare", "abacus-m")])
def test_a_fresh_search_without_queries_for_one_candidate_is_refused(
    words: tuple[str, ...], tmp_path: Path
):
    few = ["--queries", "1", "--items", "12", "--attacks", "2", "--threads", "1"]
    place = ["--out", str(tmp_path / "run")]
    named = ["--target", "abacus-s"] if words[0] == "ladder" else ["abacus-s"]
    with pytest.raises(ConfigError, match=r"1 queries \(--queries\), and one candidate costs"):
        inside(words[0], *words[1:], *named, *few, *place)
