"""Labels from data sets, oracles, judges and classifiers, and one label out of many."""

from pathlib import Path

import pytest

from temper.budget import Budget
from temper.campaigns.given_labels import Columns, label_from_file
from temper.campaigns.judge_labels import label_by_judge
from temper.campaigns.labelling import Labelling
from temper.config import BudgetConfig, ConcernConfig, TargetConfig
from temper.errors import ArtifactError, ConfigError, MeasureError, Stopped
from temper.establish.agreement import agreement_of, combine_labels
from temper.establish.annotators import SimulatedAnnotator, find_oracle
from temper.establish.judge import Rubric, judge_items
from temper.establish.labels import Given, Item, import_labels
from temper.establish.words import WordRule
from temper.records import Guideline, Label, Request
from temper.run_folder import DATABASE
from temper.serving.scripted import ScriptedServer
from temper.serving.scripts import openai_script
from temper.store import Store
from temper.targets.scripted import ScriptedTarget

TRUTHS = Guideline(labels=("true", "false", "neither"), failure=("false",))


def label(item: str, value: str, annotator: str = "ann", **more: object) -> Label:
    given = {"item_id": item, "text": item, "value": value, "annotator": annotator}
    return Label(**given, kind="person", guideline=TRUTHS.version, **more)  # type: ignore[arg-type]


def combined(rule: str, *votes: str) -> str | None:
    labels = [label("a", value, f"annotator {place}") for place, value in enumerate(votes)]
    return combine_labels(labels, TRUTHS, rule, "neither").values.get("a")  # type: ignore[arg-type]


def test_a_changed_mind_is_a_new_row_and_the_latest_counts(store: Store):
    assert store.add_labels([label("a", "true"), label("b", "true")]) == 2
    assert store.add_labels([label("a", "true")]) == 0
    assert store.add_labels([label("a", "false"), label("a", "neither", "bob")]) == 2
    now = {(one.item_id, one.annotator): one for one in store.labels()}
    assert now["a", "ann"].value == "false"
    assert now["a", "ann"].order == 1
    assert len(now) == 3


def test_labels_of_another_guideline_are_kept_apart(store: Store):
    other = Guideline(
        labels=("true", "false", "neither"), failure=("false",), text="typical adults"
    )
    assert other.version != TRUTHS.version
    store.add_guideline(TRUTHS)
    store.add_guideline(other)
    store.add_labels([label("a", "true")])
    assert store.labels(other.version) == []
    assert [one.version for one in store.guidelines()] == [TRUTHS.version, other.version]


def test_a_data_sets_labels_take_the_guidelines_names():
    rows = [Given("one", "True", "x"), Given("two", "F", "x"), Given("two", "Neither", "x")]
    labels = import_labels(rows, TRUTHS, {"F": "false"})
    assert [(one.text, one.value) for one in labels] == [("one", "true"), ("two", "neither")]


def test_an_unknown_label_is_named_with_its_count():
    rows = [Given("one", "maybe", "x"), Given("two", "maybe", "x")]
    with pytest.raises(ArtifactError, match=r"'maybe' \(2\).*--map"):
        import_labels(rows, TRUTHS, {})
    with pytest.raises(ArtifactError, match="'maybe' is said to mean 'treu'"):
        import_labels(rows, TRUTHS, {"maybe": "treu"})


def test_the_simulated_annotator_errs_as_often_and_in_the_direction_it_is_told():
    items = [Item(id=str(n), text="The town of Nowhere has green roofs.") for n in range(2_000)]
    oracle = find_oracle("almanac/truth", TRUTHS)
    noisy = SimulatedAnnotator(oracle=oracle, name="sim", noise=0.1, seconds=6)
    given = list(noisy.label(items, TRUTHS))
    wrong = [one.value for one in given if one.value != "neither"]
    assert 0.08 < len(wrong) / len(items) < 0.12
    assert 0.4 < wrong.count("true") / len(wrong) < 0.6
    assert all(one.seconds and one.seconds > 0 for one in given)
    assert list(noisy.label(items[::-1], TRUTHS)) == given[::-1]
    biased = SimulatedAnnotator(oracle=oracle, name="sim", bias={("neither", "true"): 0.5})
    said = [one.value for one in biased.label(items, TRUTHS)]
    assert 0.45 < said.count("true") / len(said) < 0.55
    assert "false" not in said


def test_an_oracle_of_other_labels_and_an_impossible_share_are_refused():
    with pytest.raises(ConfigError, match="rude"):
        find_oracle("almanac/rude", TRUTHS)
    with pytest.raises(ConfigError, match="between 0 and 1"):
        SimulatedAnnotator(oracle=find_oracle("almanac/truth", TRUTHS), name="x", noise=2)


@pytest.mark.parametrize(
    ("reply", "read"),
    [
        ("Known: green. Verdict: false.", "false"),
        ("True? No, this is FALSE", "false"),
        ("untrue or falsehood", None),
        ("I cannot tell.", None),
        ("", None),
    ],
)
def test_a_judge_is_read_by_the_last_label_that_it_names(reply: str, read: str | None):
    assert Rubric.of("{statement}", TRUTHS).parse(reply) == read


def test_a_reply_that_cannot_be_read_is_no_label():
    def answer(request: Request) -> str:
        if "broken" in request.prompt.last.text:
            raise ValueError("server down")
        return "Verdict: true." if "good" in request.prompt.last.text else "Hm."

    items = [Item.of(text) for text in ("good one", "odd one", "broken one")]
    rubric = Rubric.of("Statement: {statement}", TRUTHS)
    judged = judge_items(ScriptedTarget(answer), items, rubric, TRUTHS, "judge")
    assert [(one.text, one.value) for one in judged.labels] == [("good one", "true")]
    assert (judged.unread, judged.failed) == (1, 1)


def test_a_judge_may_be_weighed_by_its_log_probabilities():
    judge = ScriptedTarget(weigh=lambda prompt, answer: -1.0 if answer == "no" else -2.0)
    rubric = Rubric(text="{statement}", words={"yes": "true", "no": "false"}, reading="weighed")
    judged = judge_items(judge, [Item.of("a")], rubric, TRUTHS, "judge")
    assert judged.labels[0].value == "false"
    assert judged.labels[0].note == "p=0.7311"


def test_a_capped_judge_keeps_what_was_answered_and_goes_on_under_a_higher_cap(tmp_path: Path):
    items = [Item.of(f"statement {n}") for n in range(12)]

    def ask(server: ScriptedServer, most: int | None) -> Labelling:
        return label_by_judge(
            tmp_path,
            ConcernConfig(labels=("true", "false"), failure=("false",)),
            TargetConfig(name=server.url, max_in_flight=1),
            lambda guideline: Rubric.of("Is {statement} true or false?", guideline),
            items,
            None,
            budget=Budget(BudgetConfig(max_tokens=most)),
        )

    with ScriptedServer(openai_script(lambda prompt: "It is true.")) as server:
        with pytest.raises(Stopped, match="--max-tokens"):
            ask(server, 200)
        with Store(tmp_path / DATABASE) as store:
            kept = len(store.labels())
        assert 0 < kept < 12
        assert ask(server, None).new == 12 - kept


def test_a_rule_labels_by_whole_words():
    rule = WordRule(name="rule", words=("hurt", "cr*"), where="false", elsewhere="true")
    texts = ["She was HURT.", "He cried; it hurt.", "No hurtful word.", "a scratch", ""]
    labels = list(rule.label([Item.of(text) for text in texts], TRUTHS))
    assert [one.value for one in labels] == ["false", "false", "true", "true", "true"]
    assert labels[1].note == "cried hurt"
    with pytest.raises(ConfigError, match="no label"):
        list(WordRule(name="", words=("a",), where="x", elsewhere="true").label([], TRUTHS))
    with pytest.raises(ConfigError, match="at least one"):
        WordRule(name="", words=("*", " "), where="false", elsewhere="true")


def test_a_rubric_without_a_slot_is_refused():
    with pytest.raises(ConfigError, match="statement"):
        Rubric.of("Is it true?", TRUTHS)


def test_one_label_out_of_many_by_each_rule():
    assert combined("majority", "true", "true", "false") == "true"
    assert combined("majority", "true", "false") is None
    assert combined("paper", "true", "neither") == "true"
    assert combined("paper", "true", "false") == "neither"
    assert combined("paper", "neither", "neither") == "neither"
    assert combined("dawid-skene", "true", "true", "false") == "true"


def test_agreement_of_one_annotator_is_refused():
    with pytest.raises(MeasureError, match="two annotators"):
        agreement_of([label("a", "true")], TRUTHS)
    with pytest.raises(MeasureError, match="no item has two"):
        agreement_of([label("a", "true"), label("b", "true", "bob")], TRUTHS)


@pytest.mark.parametrize(
    ("name", "columns", "labels"),
    [
        ("common_claim_train.csv", Columns("examples", "label"), {"true", "false", "neither"}),
        ("creak_dev.jsonl", Columns("sentence", "label"), {"true", "false"}),
    ],
)
def test_published_data_sets_come_in_as_they_are(
    test_data: Path, tmp_path: Path, name: str, columns: Columns, labels: set[str]
):
    concern = ConcernConfig(labels=("true", "false", "neither"), failure=("false",))
    done = label_from_file(tmp_path, concern, test_data / "data" / name, columns, {}, None)
    assert done.new == done.given > 1_000
    with Store(tmp_path / "run.sqlite") as kept:
        assert {one.value for one in kept.labels()} == labels
