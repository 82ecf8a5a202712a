"""Bodies as they come: absurd, hostile, or simply another server's habit."""

import contextlib
import copy
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from temper.config import HttpConfig, TargetConfig
from temper.records import Decoding, Prompt, Request
from temper.serving.scripted import Call, Scripted, ScriptedServer
from temper.serving.scripts import openai_script
from temper.store import Store
from temper.targets.endpoint.faults import Fault, Malformed, read_response
from temper.targets.http import open_http
from temper.targets.openai.quirks import look_at_quirks
from temper.targets.openai.target import OpenAITarget, service_of
from temper.targets.openai.weigh import read_echo, read_first_token, read_prefill
from temper.targets.openai.wire import read_text
from temper.targets.recorded import RecordedTarget

JSON = {"content-type": "application/json"}
ASKED = Request(prompt=Prompt.user("3 + 4?"), decoding=Decoding(stop=("\n",)))
USAGE = {"prompt_tokens": 5, "completion_tokens": 1}
TOP = [{"token": "7", "logprob": -0.1}, {"token": "12", "logprob": -3.0}]
CHAT = {
    "choices": [
        {
            "index": 0,
            "finish_reason": "stop",
            "message": {"role": "assistant", "content": [{"text": "7"}], "refusal": None},
            "logprobs": {"content": [{"token": "7", "logprob": -0.1, "top_logprobs": TOP}]},
        }
    ],
    "prompt_logprobs": [None, {"1": {"decoded_token": "7", "logprob": -0.5}}],
    "usage": USAGE,
}
ECHO = {
    "choices": [
        {
            "index": 0,
            "text": "3 + 4 = 7",
            "logprobs": {
                "tokens": ["3 + 4 =", " 7", "\n"],
                "token_logprobs": [None, -0.5, -0.1],
                "top_logprobs": [None, {" 7": -0.5}, {"\n": -0.1, "1": -4.0}],
            },
        }
    ],
    "usage": USAGE,
}
STRANGE: tuple[Any, ...] = (
    None, True, False, 0, -1, 7, 10**30, -(10**30), 1e308, -1e308, float("inf"), float("-inf"),
    float("nan"), "", "7", "\ud800", "\x00", [], {}, [[]], [None], [{}], {"a": None}, {"": "x"},
)  # fmt: skip


def open_at(url: str, **settings: Any) -> OpenAITarget:
    options: dict[str, Any] = {"timeout": 10, "retries": 0, **settings}
    config = TargetConfig(name=url, **options)
    return OpenAITarget(config, service_of(config, {}))


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if isinstance(value, dict | list):
        for key, below in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(below, (*path, key))


def spoiled(body: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    body = copy.deepcopy(body)
    place = body
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return body


@pytest.mark.parametrize(
    ("body", "read", "rest"),
    [
        (CHAT, read_text, (ASKED,)),
        (CHAT, read_prefill, ("7", ASKED.prompt)),
        (CHAT, read_first_token, (("7", "9"), ASKED.prompt)),
        (ECHO, read_text, (ASKED,)),
        (ECHO, read_echo, ((" 7",), Prompt.raw("3 + 4 ="))),
    ],
    ids=["chat", "prefill", "first token", "completion", "echo"],
)
def test_whatever_stands_anywhere_in_a_body_it_is_read_or_malformed(
    body: Any, read: Any, rest: tuple[Any, ...]
):
    assert read(body, *rest)
    for path in places(body):
        for value in STRANGE:
            with contextlib.suppress(Malformed):
                read(spoiled(body, path, value), *rest)


def test_whatever_json_comes_a_reply_can_be_kept(store: Store):
    """Counts beyond what a database holds, lone surrogates, endless numbers."""
    rng = random.Random(0)
    spots = [path for path in places(CHAT) if path]

    def script(call: Call) -> Scripted:
        if "number" not in str(call.body):
            return openai_script(str.upper)(call)
        return Scripted(body=spoiled(CHAT, rng.choice(spots), rng.choice(STRANGE)))

    with ScriptedServer(script) as server:
        target = RecordedTarget(open_at(server.url), store, stage="s", seed=0)
        prompts = (Prompt.user(f"number {number}") for number in range(200))
        requests = [Request(prompt=prompt, decoding=Decoding()) for prompt in prompts]
        replies = list(target.generate(requests))
    assert len(replies) == 200
    assert sum(reply.text == "7" for reply in replies) > 60
    assert all(0 <= row["tokens_in"] < 10**9 for row in store.sizes())


@pytest.mark.parametrize("usage", [None, {}, {"prompt_tokens": 9}, {"completion_tokens": 10**12}])
def test_a_count_that_is_missing_or_absurd_is_estimated(usage: Any):
    reply = read_text({"choices": [{"text": "x" * 30}], "usage": usage}, ASKED)
    assert reply.tokens_out == 10
    assert reply.tokens_in == (9 if usage == {"prompt_tokens": 9} else 2)


@pytest.mark.parametrize(
    "choice",
    [
        {"text": "Half an ans", "finish_reason": "error"},
        {"text": "Half an ans", "finish_reason": "abort"},
        {"message": {"content": "Half"}, "finish_reason": None, "error": {"message": "overloaded"}},
    ],
)
def test_an_answer_that_the_server_broke_off_is_no_answer(choice: Any):
    with pytest.raises(Malformed, match="broke off"):
        read_text({"choices": [choice]}, ASKED)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (201, {"answer": "7"}, None),
        (200, {"answer": "7", "error": ""}, None),
        (200, {"answer": "7", "error": None}, None),
        (200, {"error": {"message": "slow", "code": 429}}, "throttled"),
        (200, {"error": {"message": "no credit", "code": 402}}, "fatal"),
        (200, {"error": {"message": "flagged", "code": 403}}, "refused"),
        (200, {"error": {"message": "down", "code": 502}}, "server"),
        (403, {"error": {"code": 403, "metadata": {"flagged_input": "…"}}}, "refused"),
        (400, {"error": {"code": "content_policy_violation"}}, "refused"),
        (403, {"error": {"message": "not yours"}}, "fatal"),
    ],
)
def test_success_and_failure_are_told_by_status_and_body_together(
    status: int, body: Any, kind: str | None
):
    found = read_response(status, JSON, json.dumps(body))
    assert (found.kind if isinstance(found, Fault) else None) == kind


def test_a_redirect_says_where_to_without_what_may_be_a_key():
    found = read_response(307, {"location": "https://h/v1/?key=abc"}, "")
    assert isinstance(found, Fault)
    assert found.reason == "HTTP 307: redirects to https://h/v1/"


@pytest.mark.parametrize("status", [403, 400, 200])
def test_a_prompt_that_a_gateway_flags_is_an_answer_and_the_run_goes_on(status: int):
    said = {"error": {"code": 403, "message": "flagged", "metadata": {"flagged_input": "bad"}}}

    def script(call: Call) -> Scripted:
        bad = "bad" in str(call.body)
        return Scripted(status=status, body=said) if bad else openai_script(str.upper)(call)

    with ScriptedServer(script) as server:
        requests = [
            Request(prompt=Prompt.user(text), decoding=Decoding()) for text in ("a", "bad", "b")
        ]
        found = {reply.request_id: reply for reply in open_at(server.url).generate(requests)}
        assert sum("bad" in str(call.body) for call in server.calls) == 1
    assert [found[one.id].finish for one in requests] == ["stop", "filtered", "stop"]


def test_a_firewall_that_forbids_one_prompt_is_one_unknown_and_all_is_the_end():
    from temper.errors import TargetError

    def script(call: Call) -> Scripted:
        bad = "drop table" in str(call.body)
        page = "<html><title>Attention required</title>"
        return Scripted(status=403, body=page) if bad else openai_script(str.upper)(call)

    def requests(*texts: str) -> list[Request]:
        return [Request(prompt=Prompt.user(text), decoding=Decoding()) for text in texts]

    with ScriptedServer(script) as server:
        target = open_at(server.url)
        finishes = [reply.finish for reply in target.generate(requests("a", "drop table", "b"))]
        assert sorted(finishes) == ["error", "stop", "stop"]
        with pytest.raises(TargetError, match="all failed"):
            list(target.generate(requests(*(f"drop table {number}" for number in range(80)))))


def test_a_body_with_a_mark_of_byte_order_is_read():
    def script(call: Call) -> Scripted:
        return Scripted(body="\ufeff" + json.dumps({"answer": call.body["prompt"]}))

    http = HttpConfig(response="answer")
    with ScriptedServer(script) as server:
        target = open_http(TargetConfig(name=server.url), http, {})
        request = Request(prompt=Prompt.user("hi"), decoding=Decoding())
        (reply,) = target.generate([request])
    assert (reply.text, reply.error) == ("hi", None)


def test_the_table_of_quirks_survives_answers_without_text():
    def script(call: Call) -> Scripted:
        if call.method == "POST" and "one sentence" in str(call.body):
            return Scripted(body={"choices": [{"message": ["no", "text"]}]})
        return openai_script(str.upper)(call)

    with ScriptedServer(script) as server:
        rows = {quirk.what: quirk.found for quirk in look_at_quirks(open_at(server.url))}
    assert rows["temperature"] == "refused"


def test_a_model_that_thinks_longer_than_one_token_is_still_found():
    said = "Could not finish the message because max_tokens or model output limit was reached."

    def script(call: Call) -> Scripted:
        if call.path.endswith("/chat/completions") and call.body.get("max_tokens") == 1:
            return Scripted(status=400, body={"error": {"message": said}})
        if call.path.endswith("/completions") and not call.path.endswith("/chat/completions"):
            return Scripted(status=404, body={"error": {"message": "no such path"}})
        return openai_script(str.upper)(call)

    with ScriptedServer(script) as server:
        assert open_at(server.url).capabilities.chat
