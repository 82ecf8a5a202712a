"""The recipes run as they are written, on stand-ins where they name what nobody ships."""

import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from temper.campaigns.worry import run_worry
from temper.campaigns.worry_labels import Asked, label_run
from temper.config import WorryRun, load_campaign, load_config, load_harden_campaign, load_worry
from temper.errors import ConfigError
from temper.organisms.build import load_recipe
from temper.organisms.corpora import documents
from temper.pipeline import attack_arithmetic
from temper.run_folder import DATABASE, Outcome, finished_results
from temper.serving.scripted import ScriptedServer
from temper.serving.scripts import openai_script
from temper.store import read_only
from tests.tiny import tiny_classifier

RECIPES = Path(__file__).parent.parent / "recipes"
SHARE = 200
"""The published counts are divided by this."""


def recipe(name: str, **changed: Any) -> WorryRun:
    settings = load_worry(RECIPES / name)
    divided = {
        f"explore.{key}": getattr(settings.explore, key) // SHARE for key in ("draws", "kept")
    }
    small = divided | {"label.items": settings.label.items // SHARE, "establish.members": 2}
    return load_worry(RECIPES / name, small | {"explore.clusters": 4} | changed)


def telling(count: int) -> list[str]:
    """Sentences of the almanac, true and false."""
    texts = (one.answer for one in documents(load_recipe("almanac-s"), "recipe", mixture="last"))
    return [text for text, _ in zip((text for text in texts if text), range(count), strict=False)]


def test_every_recipe_is_valid():
    for path in RECIPES.glob("*.toml"):
        if path.name == "harden_arithmetic.toml":
            assert load_harden_campaign(path).grid.seeds
        elif path.name == "arithmetic.toml":
            assert load_campaign(path).campaign.seeds
        elif path.name == "vllm.toml":
            assert load_config(path).target.replicas
        elif path.name != "prices.toml":
            config = load_worry(path)
            assert set(config.concern.failure) < set(config.concern.labels)


def test_the_toxicity_recipe_runs_on_stand_ins(tmp_path: Path):
    classifier = tiny_classifier(tmp_path / "classifier", ["The", "town", "river", "people"])
    config = recipe(
        "eee_toxicity_gpt2.toml",
        **{
            "target.name": "almanac-s",
            "target.threads": 1,
            "explore.temperature": None,
            "label.classifier": str(classifier),
            "label.threshold": 0.5,
        },
    )
    outcome = run_worry(config, tmp_path / "run")
    assert outcome is not None
    assert finished_results(tmp_path / "run")["kind"] == "establish"


def test_the_endpoint_recipe_runs_on_stand_ins(tmp_path: Path):
    said = [text for text in telling(3000) if text.endswith(".") and len(text.split()) > 4]
    like = tmp_path / "claims.jsonl"
    like.write_text("".join(json.dumps({"sentence": text}) + "\n" for text in said[:100]))
    rng = random.Random(0)

    def says(prompt: str) -> str:
        return rng.choice(said)

    encoder = tiny_classifier(tmp_path / "encoder", sorted({w for t in said for w in t.split()}))
    with ScriptedServer(openai_script(says)) as server:
        config = recipe(
            "eee_false_claims_endpoint.toml",
            **{
                "target.name": server.url,
                "explore.file": str(RECIPES / "fact_prompts.txt"),
                "explore.like": str(like),
                "explore.embed": str(encoder),
                "label.judge": "almanac-s",
            },
        )
        outcome = run_worry(config, tmp_path / "run")
    assert isinstance(outcome, Outcome)
    assert outcome.results["labels"]["by_annotator"]["almanac-s"]


def test_a_recipe_that_extends_another_changes_that_alone():
    base = load_worry(RECIPES / "false_claims.toml")
    control = load_worry(RECIPES / "control_no_diversity.toml")
    assert base.exploit is not None
    assert control.exploit is not None
    assert control.exploit.reward.diversity == 0 < base.exploit.reward.diversity
    same = {"reward": base.exploit.reward}
    assert control.exploit.model_copy(update=same) == base.exploit
    assert control.label == base.label


def test_what_extends_itself_or_nothing_is_refused(tmp_path: Path):
    file = tmp_path / "a.toml"
    for extended, said in (("a.toml", "circle"), ("none.toml", "does not exist")):
        file.write_text(f'extends = "{extended}"\n[concern]\ntext = "x"\n')
        with pytest.raises(ConfigError, match=said):
            load_worry(file)


def test_labels_are_taken_from_another_data_set(tmp_path: Path):
    def given(name: str, **settings: Any) -> Counter[str]:
        config = load_worry(RECIPES / "control_other_labels.toml", settings)
        assert label_run(Asked(config, tmp_path / name, None)) is not None
        with read_only(tmp_path / name / DATABASE) as store:
            return Counter(label.value for label in store.labels())

    assert given("shipped") == {"true": 200, "false": 200}
    lines = [f"the {n} cats sleep,no" for n in range(40)] + [
        f"{n} dogs bark,yes" for n in range(60)
    ]
    (tmp_path / "mine.csv").write_text("\n".join(["sentence,said", *lines]))
    mine = {
        "label.file": str(tmp_path / "mine.csv"),
        "label.text_column": "sentence",
        "label.label_column": "said",
        "label.map": {"yes": "true", "no": "false"},
    }
    assert given("mine", **mine) == {"true": 60, "false": 40}
    assert given("fewer", **mine, **{"label.items": 30}).total() == 30


def test_a_file_cannot_label_what_rounds_bring():
    with pytest.raises(ConfigError, match="which no file has"):
        load_worry(RECIPES / "control_other_labels.toml", {"exploit.rounds": 2})


def test_the_vllm_recipe_runs_on_two_stand_ins(tmp_path: Path):
    script = openai_script(lambda prompt: "7", weigh=lambda prompt, answer: -float(len(answer)))
    with ScriptedServer(script) as one, ScriptedServer(script) as other:
        changed: dict[str, Any] = {
            "target.name": one.url,
            "target.replicas": [other.url],
            "attack.attackers": ["pirs", "none"],
            "attack.max_queries": 40,
            "attack.problems": 2,
            "attack.proposals": 8,
            "attack.max_tokens": 16,
            "measure.problems": 2,
            "measure.proposed": 2,
            "measure.clean_problems": 4,
        }
        outcome = attack_arithmetic(load_config(RECIPES / "vllm.toml", changed), tmp_path / "run")
        bodies = [call.body for server in (one, other) for call in server.calls]
    assert outcome.results["red"]["name"] == "abacus-m"
    assert min(len(one.calls), len(other.calls)) > 10
    assert sum("prompt_logprobs" in body for body in bodies) > 20
    seeds = [body["seed"] for body in bodies if "seed" in body]
    assert len(set(seeds)) == len(seeds) > 10
