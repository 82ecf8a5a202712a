"""Applications behind a URL, Python functions, and plug-ins."""

from typing import Any

import pytest

from temper.config import HttpConfig, TargetConfig
from temper.errors import TargetError
from temper.records import Decoding, Prompt, Reply, Request
from temper.serving.scripted import Call, Scripted, ScriptedServer
from temper.targets.function import FunctionTarget
from temper.targets.http import open_http
from temper.targets.registry import open_target
from temper.targets.template import fill_template, find_answer

SECRET = "s3cr3t-value"


def asked(*texts: str) -> list[Request]:
    return [Request(prompt=Prompt.user(text), decoding=Decoding()) for text in texts]


def answers(target: Any, *texts: str) -> list[Reply]:
    requests = asked(*texts)
    replies = {reply.request_id: reply for reply in target.generate(requests)}
    return [replies[request.id] for request in requests]


def application(call: Call) -> Scripted:
    if call.headers.get("x-key") != SECRET:
        return Scripted(status=401, body={"error": f"bad key {call.headers.get('x-key')}"})
    if "fail" in call.body["question"]["text"]:
        return Scripted(status=500, body={"error": f"broke with {SECRET}"})
    text = f"{call.body['question']['text'].upper()} for {call.headers['x-key']}"
    return Scripted(body={"result": [{"answer": text}]})


HTTP = HttpConfig(
    template={"question": {"text": "{prompt}"}, "mode": "fast {not a slot}"},
    response="result.0.answer",
    headers={"x-key": "MY_APP_KEY"},
)


def test_an_application_is_asked_by_its_template_and_read_by_its_path():
    with ScriptedServer(application) as server:
        target = open_http(TargetConfig(name=server.url), HTTP, {"MY_APP_KEY": SECRET})
        good, bad = answers(target, "hello {prompt}", "fail")
        assert server.calls[0].body["mode"] == "fast {not a slot}"
        assert sum("fail" in str(call.body) for call in server.calls) == 1, "it may act on calls"
    assert good.text == "HELLO {PROMPT} for [key]"
    assert bad.finish == "error"
    assert SECRET not in str(bad)


def test_a_header_s_variable_that_is_not_set_is_named():
    with pytest.raises(TargetError, match="MY_APP_KEY"):
        open_http(TargetConfig(name="http://127.0.0.1:9/"), HTTP, {})


def test_a_template_without_a_place_for_the_prompt_is_refused():
    http = HttpConfig(template={"text": "hello"})
    with pytest.raises(TargetError, match="prompt"):
        open_http(TargetConfig(name="http://127.0.0.1:9/"), http, {})


def test_messages_and_system_prompt_fill_their_places():
    filled = fill_template(["{messages}", "{system}!", 3], Prompt.user("hi"), "be kind")
    assert filled == [
        [{"role": "system", "content": "be kind"}, {"role": "user", "content": "hi"}],
        "be kind!",
        3,
    ]


@pytest.mark.parametrize("path", ["b", "a.1", "a.0.c", "a", "a.x"])
def test_a_path_that_leads_nowhere_is_told(path: str):
    from temper.targets.endpoint.faults import Malformed

    with pytest.raises(Malformed):
        find_answer({"a": [{"t": "x"}]}, path)
    assert find_answer({"a": [{"t": "x"}]}, "a.-1.t") == "x"


def test_a_function_is_a_target_and_what_it_raises_one_unknown():
    def shout(text: str) -> str:
        if text == "no":
            raise ValueError("not today")
        return text.upper()

    good, bad = answers(FunctionTarget(shout), "yes", "no")
    assert (good.text, bad.finish) == ("YES", "error")
    assert "not today" in (bad.error or "")


def test_an_async_function_answers_many_at_once():
    import asyncio

    under_way = most = 0

    async def slow(text: str) -> str:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.02)
        under_way -= 1
        return text

    replies = answers(FunctionTarget(slow, at_once=4), *map(str, range(12)))
    assert [reply.text for reply in replies] == [*map(str, range(12))]
    assert most == 4


def test_another_function_of_the_same_name_is_another_target():
    def one(text: str) -> str:
        return "1"

    def other(text: str) -> str:
        return "2"

    assert FunctionTarget(one, name="bot").hash != FunctionTarget(other, name="bot").hash
    assert FunctionTarget(one, name="bot").hash == FunctionTarget(one, name="bot").hash


def test_an_installed_plug_in_is_found_by_its_name(tmp_path: Any, monkeypatch: pytest.MonkeyPatch):
    """What `pip install` leaves of tests/targets/plugin: the module and its entry point."""
    import shutil
    from pathlib import Path

    source = Path(__file__).parent / "plugin"
    shutil.copy(source / "parrot_target.py", tmp_path)
    info = tmp_path / "parrot_target-0.1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: parrot-target\nVersion: 0.1\n")
    declared = (source / "pyproject.toml").read_text()
    assert (
        '[project.entry-points."temper.targets"]\nparrot = "parrot_target:open_parrot"' in declared
    )
    (info / "entry_points.txt").write_text("[temper.targets]\nparrot = parrot_target:open_parrot\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    (reply,) = answers(open_target(TargetConfig(name="parrot", model="polly")), "hello")
    assert reply.text == "polly says hello"
