"""The openai target against servers on this machine, sound and unsound ones."""

import os
import ssl
import subprocess
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from temper.config import TargetConfig
from temper.errors import TargetError
from temper.records import Decoding, Prompt, Reply, Request
from temper.serving.scripted import Call, Script, Scripted, ScriptedServer
from temper.serving.scripts import FAULTS, openai_script, with_faults
from temper.store import Store
from temper.targets.endpoint import client as client_module
from temper.targets.openai.quirks import look_at_quirks
from temper.targets.openai.target import OpenAITarget, service_of
from temper.targets.recorded import RecordedTarget

GREEDY = Decoding(max_tokens=8)
KEY = "sk-very-secret-1234567890"


def open_at(
    url: str, environment: Mapping[str, str] | None = None, **settings: Any
) -> OpenAITarget:
    options: dict[str, Any] = {"timeout": 10, **settings}
    config = TargetConfig(name=url, **options)
    return OpenAITarget(config, service_of(config, environment or {}))


def asked(*texts: str, decoding: Decoding = GREEDY, **options: Any) -> list[Request]:
    return [Request(prompt=Prompt.user(text), decoding=decoding, **options) for text in texts]


def by_text(target: OpenAITarget, requests: list[Request]) -> list[Reply]:
    replies = {reply.request_id: reply for reply in target.generate(requests)}
    return [replies[request.id] for request in requests]


def echo(prompt: str) -> str:
    return f"you said {prompt}"


def always(**answer: Any) -> Script:
    return lambda call: Scripted(**answer)


@pytest.fixture(autouse=True)
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "FIRST_BACKOFF", 0.005)


def test_the_only_model_of_a_server_needs_no_name():
    with ScriptedServer(openai_script(echo, model="the-one")) as server:
        (reply,) = by_text(open_at(server.url), asked("hi"))
    assert reply.text == "you said hi"
    assert (reply.finish, reply.error) == ("stop", None)
    assert server.calls[-1].body["model"] == "the-one"


def test_greedy_asks_for_temperature_0_and_the_default_for_none():
    with ScriptedServer(openai_script(echo)) as server:
        target = open_at(server.url)
        by_text(target, asked("a") + asked("b", decoding=Decoding(temperature=None)))
    greedy, default = server.calls[-2].body, server.calls[-1].body
    if greedy["messages"][0]["content"] == "b":
        greedy, default = default, greedy
    assert greedy["temperature"] == 0
    assert "seed" not in greedy
    assert "temperature" not in default
    assert "top_k" not in default


def test_each_draw_has_its_own_seed_and_the_same_draw_the_same():
    decoding = Decoding(temperature=1.0)
    with ScriptedServer(openai_script(echo)) as server:
        target = open_at(server.url)
        for sample in (0, 1, 0):
            by_text(target, asked("a", decoding=decoding, sample=sample))
    first, second, again = (call.body["seed"] for call in server.calls[-3:])
    assert first == again != second


def test_a_stop_string_that_the_server_ignores_is_cut_here():
    with ScriptedServer(openai_script(lambda prompt: "12\nand more")) as server:
        decoding = Decoding(stop=("\n",))
        (reply,) = by_text(open_at(server.url), asked("a", decoding=decoding))
    assert reply.text == "12"


def test_the_system_prompt_goes_before_every_conversation():
    with ScriptedServer(openai_script(echo)) as server:
        by_text(open_at(server.url, system="Be brief."), asked("a"))
    assert server.calls[-1].body["messages"][0] == {"role": "system", "content": "Be brief."}


def test_log_probabilities_come_by_echo_for_raw_prompts_and_by_prefill_for_conversations():
    def weigh(prompt: str, answer: str) -> float:
        return -0.25 if answer.strip() == "7" else -3.5

    with ScriptedServer(openai_script(echo, weigh=weigh)) as server:
        target = open_at(server.url)
        assert target.capabilities.scores
        assert target.capabilities.scores_raw
        raw = Request(prompt=Prompt.raw("3 + 4 ="), answers=(" 7", " 9"))
        chat = Request(prompt=Prompt.user("What is 3 + 4?"), answers=("7", "9"))
        replies = by_text(target, [raw, chat])
    assert [reply.logprobs for reply in replies] == [(-0.25, -3.5), (-0.25, -3.5)]
    assert {reply.finish for reply in replies} == {"scored"}


def test_without_log_probabilities_the_target_says_so():
    with ScriptedServer(openai_script(echo)) as server:
        target = open_at(server.url)
        assert not target.capabilities.scores
        (reply,) = target.generate([Request(prompt=Prompt.user("a"), answers=("1",))])
    assert "no log-probabilities" in (reply.error or "")


@pytest.mark.parametrize(
    ("choice", "finish", "text"),
    [
        ({"message": {"content": None, "refusal": "I won't."}}, "refused", "I won't."),
        ({"message": {"content": ""}, "finish_reason": "content_filter"}, "filtered", ""),
        ({"message": {"content": None}, "finish_reason": "length"}, "length", ""),
        ({"message": {"content": [{"type": "text", "text": "7"}]}}, "stop", "7"),
    ],
)
def test_refusals_and_filters_are_answers_with_that_reason(
    choice: dict[str, Any], finish: str, text: str
):
    with ScriptedServer(lambda call: Scripted(body={"choices": [choice]})) as server:
        (reply,) = by_text(open_at(server.url, model="m"), asked("a"))
    assert (reply.finish, reply.text, reply.error) == (finish, text, None)


def test_a_filter_that_answers_400_is_an_answer_too():
    said = {"error": {"message": "policy", "code": "content_filter"}}
    with ScriptedServer(refusing(lambda body: said if "bad" in str(body) else None)) as server:
        (reply,) = by_text(open_at(server.url, model="m"), asked("bad"))
    assert (reply.finish, reply.error) == ("filtered", None)


def refusing(why: Callable[[dict[str, Any]], Any]) -> Script:
    """A server that answers 400 where `why(body)` gives an error."""
    inner = openai_script(echo)

    def script(call: Call) -> Scripted:
        error = why(call.body) if call.method == "POST" else None
        return Scripted(status=400, body=error) if error else inner(call)

    return script


@pytest.mark.parametrize("name", ["seed", "top_k", "temperature", "stop"])
def test_a_field_that_the_server_refuses_is_left_out_from_then_on(name: str):
    def why(body: dict[str, Any]) -> Any:
        return {"detail": f"Unexpected fields: {{'{name}'}}"} if name in body else None

    decoding = Decoding(temperature=1.0, top_k=5, stop=("\n",))
    with ScriptedServer(refusing(why)) as server:
        target = open_at(server.url)
        replies = by_text(target, asked("a", "b", "c", decoding=decoding))
        assert [reply.error for reply in replies] == [None] * 3
        assert name in " ".join(target.capabilities.quirks)
    assert name not in server.calls[-1].body


def test_max_tokens_is_renamed_where_the_server_wants_it_so():
    def why(body: dict[str, Any]) -> Any:
        said = "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."
        return {"error": {"message": said}} if "max_tokens" in body else None

    with ScriptedServer(refusing(why)) as server:
        (reply,) = by_text(open_at(server.url), asked("a"))
    assert reply.error is None
    assert server.calls[-1].body["max_completion_tokens"] == 8


def test_a_request_that_is_too_long_is_one_unknown_and_not_tried_again():
    said = {"error": {"message": "too many tokens", "code": "context_length_exceeded"}}
    with ScriptedServer(refusing(lambda body: said if "long" in str(body) else None)) as server:
        replies = by_text(open_at(server.url), asked("long", "short"))
    assert [reply.finish for reply in replies] == ["error", "stop"]
    assert sum("long" in str(call.body) for call in server.calls) == 1


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_tried_again_and_then_unknown(name: str):
    inner = openai_script(echo)

    def script(call: Call) -> Scripted:
        return FAULTS[name] if "bad" in str(call.body) else inner(call)

    with ScriptedServer(script) as server:
        target = open_at(server.url, retries=1, timeout=1.5)
        replies = by_text(target, asked("bad", "good"))
        tried = sum("bad" in str(call.body) for call in server.calls)
    assert [reply.text for reply in replies] == [None, "you said good"]
    assert replies[0].finish == "error"
    assert tried == (4 if name.startswith("429") else 2)


def test_with_three_calls_in_ten_failing_no_attempt_is_lost_or_doubled(store: Store):
    """429 with and without Retry-After, 500, time-out, reset, truncation, wrong bodies, HTML."""
    with ScriptedServer(with_faults(openai_script(echo), 0.3, seed=3)) as server:
        target = open_at(server.url, {"OPENAI_API_KEY": KEY}, retries=9, timeout=1.5)
        recorded = RecordedTarget(target, store, stage="measure", seed=0)
        requests = asked(*(f"number {number}" for number in range(150)))
        replies = Counter(reply.request_id for reply in recorded.generate(requests))
        assert replies == Counter(request.id for request in requests)
        before = server.count
        again = {reply.request_id: reply for reply in recorded.generate(requests)}
        assert server.count == before
    assert [again[one.id].text for one in requests] == [
        f"you said number {number}" for number in range(150)
    ]
    assert KEY not in store.path.read_bytes().decode("latin-1")


def test_retry_after_is_waited_for_by_every_call_to_that_server():
    inner, calls = openai_script(echo), list[float]()

    def script(call: Call) -> Scripted:
        if call.method == "POST" and "first" in str(call.body) and not calls:
            calls.append(1)
            slow = {"retry-after": "0.3"}
            return Scripted(status=429, headers=slow, body={"error": "slow down"})
        return inner(call)

    with ScriptedServer(script) as server:
        target = open_at(server.url)
        assert target.dialect
        replies = by_text(target, asked("first", "second"))
        assert target.client.peak >= 1
    assert [reply.error for reply in replies] == [None, None]


def test_a_server_that_asks_for_an_hour_ends_the_run_instead_of_holding_it():
    slow = {"retry-after": "3600"}
    with ScriptedServer(lambda call: Scripted(status=429, headers=slow, body={})) as server:
        target = open_at(server.url, model="m")
        with pytest.raises(TargetError, match="3600 s"):
            by_text(target, asked("a"))


def test_replicas_share_the_calls_and_one_that_is_gone_is_done_without():
    with (
        ScriptedServer(openai_script(echo)) as one,
        ScriptedServer(openai_script(echo)) as other,
    ):
        gone = "http://127.0.0.1:9/v1"
        target = open_at(one.url, replicas=(other.url, gone))
        replies = by_text(target, asked(*map(str, range(60))))
    assert [reply.error for reply in replies] == [None] * 60
    assert min(one.count, other.count) > 10


def test_calls_in_flight_never_exceed_the_most():
    with ScriptedServer(openai_script(echo, delay=0.01)) as server:
        by_text(open_at(server.url, max_in_flight=5, timeout=9), asked(*map(str, range(60))))
    assert 2 <= server.peak <= 5


def test_a_server_that_goes_away_ends_the_run_and_keeps_what_was_answered(store: Store):
    server = ScriptedServer(openai_script(echo))
    with server:
        target = open_at(server.url)
        recorded = RecordedTarget(target, store, stage="measure", seed=0)
        assert len(list(recorded.generate(asked("a", "b")))) == 2
        object.__setattr__(target.client.service, "patience", 0.2)
    with pytest.raises(TargetError, match="run the same command again"):
        list(recorded.generate(asked("a", "b", "c")))
    assert {row["response"] for row in store.rows("SELECT response FROM exchanges")} == {  # pyright: ignore[reportPrivateUsage]
        "you said a",
        "you said b",
    }


def test_when_everything_fails_the_run_ends_instead_of_filling_with_unknowns(store: Store):
    inner = openai_script(echo)

    def script(call: Call) -> Scripted:
        return FAULTS["500"] if "number" in str(call.body) else inner(call)

    with ScriptedServer(script) as server:
        target = open_at(server.url, retries=0)
        recorded = RecordedTarget(target, store, stage="measure", seed=0)
        with pytest.raises(TargetError, match="all failed"):
            list(recorded.generate(asked(*(f"number {number}" for number in range(200)))))
    assert store.spent() == []


def test_failures_that_come_together_at_the_end_do_not_end_a_run_that_is_answered():
    inner, late = openai_script(echo), replace(FAULTS["truncated JSON"], delay=0.05)

    def script(call: Call) -> Scripted:
        return late if "bad" in str(call.body) else inner(call)

    texts = [
        *(f"bad {number}" for number in range(40)),
        *(f"good {number}" for number in range(20)),
    ]
    with ScriptedServer(script) as server:
        replies = by_text(open_at(server.url, retries=1), asked(*texts))
    assert [reply.finish for reply in replies] == ["error"] * 40 + ["stop"] * 20


def test_the_table_of_quirks_has_a_row_for_what_servers_do_in_silence():
    with ScriptedServer(openai_script(lambda prompt: "one, two")) as server:
        rows = {quirk.what: quirk.found for quirk in look_at_quirks(open_at(server.url))}
    assert rows["n"] == "1 of 2"
    assert rows["temperature"] == "no effect seen"
    assert rows["stop"] == "ignored"
    assert rows["another model's name"] == "accepted"
    assert rows["weighs answers, chat"] == "no"


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (always(body="<html><title>Shop</title>"), "Shop"),
        (always(status=404, body={"detail": "Not Found"}), "most end in /v1"),
        (always(body={"data": []}), "lists 0 models"),
        (always(body={"data": [{"id": "a"}, {"id": "b"}]}), "a, b"),
        (always(status=401, body={"error": f"wrong key {KEY}"}), r"\[key\]"),
    ],
)
def test_a_server_that_cannot_be_used_is_one_clear_line_without_the_key(script: Any, words: str):
    with ScriptedServer(script) as server:
        target = open_at(server.url, {"OPENAI_API_KEY": KEY})
        with pytest.raises(TargetError, match=words) as raised:
            _ = target.capabilities
    assert KEY not in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_wrong_model_is_named():
    def script(call: Call) -> Scripted:
        said = {"message": "The model 'gpt-x' does not exist", "code": "model_not_found"}
        return Scripted(status=404, body={"error": said})

    with ScriptedServer(script) as server, pytest.raises(TargetError, match=r"gpt-x.*--model"):
        _ = open_at(server.url, model="gpt-x").capabilities


def test_a_port_where_nothing_listens_is_said_at_once():
    with pytest.raises(TargetError, match="running"):
        _ = open_at("http://127.0.0.1:9/v1").capabilities


def test_a_certificate_that_nobody_signed_is_a_failure_of_the_secure_connection(tmp_path: Path):
    pair = tmp_path / "pair.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-batch",
         "-subj", "/CN=localhost", "-keyout", str(pair), "-out", str(tmp_path / "cert.pem")],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", pair)
    import socket

    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept() -> None:
            with pytest.raises(OSError), context.wrap_socket(listener.accept()[0], True):  # noqa: PT011
                pass

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        url = f"https://127.0.0.1:{listener.getsockname()[1]}/v1"
        with pytest.raises(TargetError, match="secure connection"):
            _ = open_at(url, model="m").capabilities
        thread.join(timeout=5)


@pytest.mark.parametrize(
    "url", ["http://user:pass@h/v1", "http://h/v1?api_key=1", "http://", "http://h:99999/v1"]
)
def test_an_address_with_a_key_or_without_a_host_is_refused_unquoted(url: str):
    with pytest.raises(TargetError) as raised:
        open_at(url)
    assert "pass" not in str(raised.value)


def test_the_default_key_is_not_sent_in_the_clear_to_another_machine():
    environment = {"OPENAI_API_KEY": KEY, "MY_KEY": KEY}
    far, near = "http://192.0.2.1/v1", "http://127.0.0.1/v1"

    def headers(url: str, **settings: Any) -> Mapping[str, str]:
        return service_of(TargetConfig(name=url, **settings), environment).headers

    assert headers(far) == {}
    assert headers(far, key_variable="MY_KEY")
    assert headers(near)
    assert headers("https://192.0.2.1/v1")


def test_nothing_that_can_be_printed_of_a_service_shows_the_key():
    service = service_of(TargetConfig(name="https://h/v1"), {"OPENAI_API_KEY": KEY})
    assert KEY not in repr(service)
    assert os.environ.get("OPENAI_API_KEY") != KEY
