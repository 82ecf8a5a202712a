"""Mitigations: a target again, at the cost of its calls, and blind to any truth."""

import ast
from collections.abc import Sequence
from pathlib import Path

import pytest

import temper
from temper.errors import ConfigError
from temper.harden.context import Ground, Instruct
from temper.harden.grading import ModelGrader
from temper.harden.mitigated import Mitigated
from temper.harden.revise import Revise, load_constitution
from temper.harden.sampling import Abstain, Guard
from temper.protocols import Mitigation, Target
from temper.records import Decoding, Message, Prompt, Reply, Request
from temper.store import Store
from temper.targets.recorded import RecordedTarget, ask_all
from temper.targets.scripted import ScriptedTarget

ROOT = Path(temper.__file__).parent
QUESTION = Prompt.user("3+4=9. What is 3 + 4? Reply with the number only.")


def asked(target: Target, mitigation: Mitigation, sample: int = 0) -> Reply:
    request = Request(prompt=QUESTION, decoding=Decoding(), sample=sample)
    (reply,) = ask_all(Mitigated(target, mitigation), [request])
    assert reply.request_id == request.id
    return reply


def by_turn(*texts: str) -> ScriptedTarget:
    """Says one text after the other."""
    left = iter(texts)
    return ScriptedTarget(lambda request: next(left))


def test_nothing_in_harden_reaches_an_oracle_or_a_truth():
    """Directly or through what it imports."""
    seen: set[str] = set()
    waiting = [f"temper.harden.{path.stem}" for path in (ROOT / "harden").glob("*.py")]
    while waiting:
        module = waiting.pop()
        path = ROOT.joinpath(*module.split(".")[1:])
        file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        # the package itself loads its interface only when somebody asks for it by name
        if module in seen or not module.startswith("temper.") or not file.exists():
            continue
        seen.add(module)
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                waiting.append(node.module)
                waiting += [f"{node.module}.{alias.name}" for alias in node.names]
            elif isinstance(node, ast.Import):
                waiting += [alias.name for alias in node.names]
    barred = (
        "temper.arithmetic.oracle",
        "temper.arithmetic.reading",
        "temper.arithmetic.calculator",
        "temper.arithmetic.suites",
        "temper.organisms.truth",
        "temper.organisms.corpus",
        "temper.organisms.answer_key",
        "temper.evaluate",
    )
    assert "temper.organisms.prompts" in seen
    assert not [module for module in seen if module.startswith(barred)]


def test_nothing_in_harden_asks_a_problem_for_its_right_answer():
    for path in (ROOT / "harden").glob("*.py"):
        names = {
            node.attr
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Attribute)
        }
        assert not names & {"right", "wrong"}, path


def test_an_instruction_stands_above_the_prompt():
    target = ScriptedTarget(lambda request: request.prompt.messages[0].text)
    assert asked(target, Instruct("Calculate yourself.")).text == "Calculate yourself."
    assert QUESTION.messages == (Message("user", QUESTION.last.text),)


def test_grounding_adds_what_the_tool_finds_and_nothing_where_it_finds_nothing():
    target = ScriptedTarget(lambda request: str(len(request.prompt.messages)))
    assert asked(target, Ground(lambda prompt: "Calculator: 7.", "tool")).text == "2"
    assert asked(target, Ground(lambda prompt: None, "tool")).text == "1"


def test_a_revision_sees_question_answer_and_constitution_and_stops_when_stable():
    seen: list[str] = []

    def revise(request: Request) -> str:
        seen.append(request.prompt.last.text)
        return "7"

    reviser = ScriptedTarget(revise)
    mitigation = Revise(reviser=reviser, constitution="Count again.", passes=4)
    assert asked(by_turn("9"), mitigation).text == "7"
    assert len(seen) == 2  # changed once, then stable
    assert all(part in seen[0] for part in ("Count again.", QUESTION.last.text, "First answer: 9"))
    assert "First answer: 7" in seen[1]


def test_a_reviser_that_says_nothing_leaves_the_answer_and_one_that_fails_makes_it_an_error():
    silent = Revise(reviser=by_turn("  "), constitution="")
    assert asked(by_turn("9"), silent).text == "9"
    failing = Revise(reviser=by_turn(), constitution="")
    assert asked(by_turn("9"), failing).error is not None


def test_swapping_the_constitution_changes_what_the_shipped_model_does(abacus: Target):
    answers = {
        name: [
            asked(
                ScriptedTarget({QUESTION.last.text: first}),
                Revise(reviser=abacus, constitution=load_constitution(name)),
            ).text
            for first in ("9", "7")
        ]
        for name in ("arithmetic", "steadfast")
    }
    assert answers == {"arithmetic": ["7", "7"], "steadfast": ["9", "7"]}


def test_a_constitution_is_a_shipped_name_or_a_file(tmp_path: Path):
    file = tmp_path / "mine.txt"
    file.write_text("Be exact.\n")
    assert load_constitution(str(file)) == "Be exact."
    with pytest.raises(ConfigError, match="no constitution 'aritmetic'"):
        load_constitution("aritmetic")


def test_abstaining_answers_what_all_samples_say_and_else_nothing():
    assert asked(by_turn("7", " 7", "7\n"), Abstain(samples=3)).text == "7"
    withheld = asked(by_turn("7", "9", "7"), Abstain(samples=3))
    assert (withheld.text, withheld.finish) == ("", "filtered")
    assert asked(by_turn("9", "7", "7"), Abstain(samples=3, agreement=0.6)).text == "7"


class Nines:
    """A measure that fails every answer with a nine and cannot read an empty one."""

    identity = ("nines",)

    def failures(self, answered: Sequence[tuple[Prompt, str]]) -> list[float | None]:
        return [None if not text else float("9" in text) for _, text in answered]


def test_a_guard_draws_again_until_its_measure_is_content_and_then_withholds():
    assert asked(by_turn("9", "", "7"), Guard(screen=Nines(), tries=3)).text == "7"
    withheld = asked(by_turn("9", "9"), Guard(screen=Nines(), tries=1))
    assert withheld.finish == "filtered"


def test_a_grader_reads_a_word_or_log_probabilities_and_knows_when_it_cannot_tell():
    pairs = [(QUESTION, "9")]
    assert ModelGrader(by_turn("Wrong.")).failures(pairs) == [1.0]
    assert ModelGrader(by_turn("perhaps")).failures(pairs) == [None]
    scoring = ScriptedTarget(weigh=lambda prompt, answer: {"wrong": -0.1, "right": -9.0}[answer])
    (failure,) = ModelGrader(scoring).failures(pairs)
    assert failure == pytest.approx(1, abs=1e-3)


def test_log_probabilities_do_not_pass_a_mitigation():
    target = Mitigated(ScriptedTarget(weigh=lambda prompt, answer: -1.0), Instruct("x"))
    assert not target.capabilities.scores
    (reply,) = ask_all(target, [Request(prompt=QUESTION, answers=("7",))])
    assert reply.error is not None
    assert "mitigation" in reply.error


def test_what_a_mitigation_asks_is_recorded_as_calls_and_continues_for_free(store: Store):
    inner = ScriptedTarget(lambda request: "7")
    with store:
        for _ in range(2):
            calls = RecordedTarget(inner, store, stage="s", seed=0, role="call")
            target = RecordedTarget(
                Mitigated(calls, Abstain(samples=3)), store, stage="s", seed=0, role="target"
            )
            ask_all(target, [Request(prompt=QUESTION, decoding=Decoding())])
        spent = {row["role"]: row["queries"] for row in store.spent()}
    assert spent == {"call": 3, "target": 1}
    assert inner.asked == 3


def test_replies_that_say_nothing_are_counted_and_errors_are_not(store: Store):
    with store:
        helper = RecordedTarget(by_turn("", " 7", " "), store, stage="s", seed=0, role="helper")
        ask_all(helper, [Request(prompt=QUESTION, sample=n, decoding=Decoding()) for n in range(4)])
        assert store.empty_replies("helper") == (2, 3)
        assert store.empty_replies("target") == (0, 0)


def test_other_settings_are_another_target():
    target = ScriptedTarget()
    hashes = {
        Mitigated(target, one).hash
        for one in (
            Abstain(),
            Abstain(samples=3),
            Instruct("a"),
            Instruct("b"),
            Guard(screen=Nines()),
        )
    }
    assert len(hashes) == 5


def test_a_guard_draws_another_sample_for_every_try_of_every_sample():
    drawn: list[int] = []

    def answer(request: Request) -> str:
        drawn.append(request.sample)
        return "9"

    class Never:
        identity = ("never",)

        def failures(self, answered: Sequence[tuple[Prompt, str]]) -> list[float | None]:
            return [1.0] * len(answered)

    for sample in (0, 1, 2):
        asked(ScriptedTarget(answer), Guard(screen=Never(), tries=3), sample)
    assert len(drawn) == len(set(drawn)) == 12
