"""Where calls go: replicas, addresses as people write them, proxies, waits, and keys."""

import asyncio
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from temper.config import HttpConfig, TargetConfig, folder_name, load_target
from temper.errors import TargetError
from temper.records import Decoding, Prompt, Reply, Request
from temper.serving.scripted import Call, Scripted, ScriptedServer
from temper.serving.scripts import openai_script
from temper.targets.check import check_target
from temper.targets.endpoint import client as client_module
from temper.targets.endpoint.crossing import UNREAD, Crossing
from temper.targets.endpoint.faults import wait_asked
from temper.targets.endpoint.service import Service
from temper.targets.http import open_http
from temper.targets.openai.target import OpenAITarget, service_of
from temper.targets.registry import open_target
from tests.targets.test_function import in_time

GONE = "http://127.0.0.1:9/v1"


@pytest.fixture(autouse=True)
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "FIRST_BACKOFF", 0.005)


def open_at(url: str, **settings: Any) -> OpenAITarget:
    options: dict[str, Any] = {"timeout": 10, **settings}
    config = TargetConfig(name=url, **options)
    return OpenAITarget(config, service_of(config, {}))


def answers(target: Any, *texts: str) -> list[Reply]:
    requests = [Request(prompt=Prompt.user(text), decoding=Decoding()) for text in texts]
    replies = {reply.request_id: reply for reply in target.generate(requests)}
    return [replies[request.id] for request in requests]


@pytest.mark.parametrize("model", [None, "scripted"])
def test_the_first_of_several_replicas_may_be_the_one_that_is_gone(model: str | None):
    with ScriptedServer(openai_script(str.upper)) as server:
        target = open_at(GONE, replicas=(server.url,), model=model)
        replies = in_time(lambda: answers(target, *"abcdef"))
    assert [reply.text for reply in replies] == [*"ABCDEF"]


def test_a_replica_that_asks_for_an_hour_is_done_without():
    def closed(call: Call) -> Scripted:
        return Scripted(status=429, headers={"retry-after": "3600"}, body={"error": "no more"})

    with ScriptedServer(closed) as one, ScriptedServer(openai_script(str.upper)) as other:
        target = open_at(one.url, replicas=(other.url,), model="scripted")
        replies = in_time(lambda: answers(target, *map(str, range(40))))
    assert [reply.error for reply in replies] == [None] * 40
    assert one.count <= 16


@pytest.mark.parametrize("ahead", [-3600, 0, 3600])
def test_a_date_to_wait_for_is_held_against_the_server_s_own_clock(ahead: int):
    there = datetime.now(UTC) + timedelta(seconds=ahead)
    headers = {
        "date": format_datetime(there),
        "retry-after": format_datetime(there + timedelta(seconds=20)),
    }
    assert wait_asked(headers) == pytest.approx(20, abs=1)


@pytest.mark.parametrize(
    "value",
    ["Thu, 01 Jan 2026 12:00:00 +9999999999", "Thu, 01 Jan 99999 12:00:00 GMT", "0, 0", "nan"],
)
def test_a_date_that_is_none_is_no_wait(value: str):
    assert not wait_asked({"retry-after": value})


def test_an_address_may_have_a_query():
    seen: list[str] = []

    def script(call: Call) -> Scripted:
        seen.append(call.path)
        call = Call(
            method=call.method,
            path=call.path.partition("?")[0],
            headers=call.headers,
            body=call.body,
        )
        return openai_script(str.upper)(call)

    with ScriptedServer(script) as server:
        (reply,) = answers(open_at(f"{server.url}/?api-version=2026-01-01"), "a")
    assert reply.text == "A"
    assert seen[-1] == "/v1/chat/completions?api-version=2026-01-01"


def application(call: Call) -> Scripted:
    if call.path != "/v1/ask/":
        return Scripted(status=307, headers={"location": "/v1/ask/"})
    cookie = call.headers.get("cookie", "none")
    headers = {"set-cookie": "session=abc; Path=/", "content-type": "application/json"}
    return Scripted(body={"text": f"cookie {cookie}"}, headers=headers)


def test_an_application_s_address_stays_as_it_was_written():
    http = HttpConfig(response="text")
    with ScriptedServer(application) as server:
        (reply,) = answers(open_http(TargetConfig(name=f"{server.url}/ask/"), http, {}), "a")
        assert reply.error is None
        with pytest.raises(TargetError, match=r"redirects to /v1/ask/"):
            answers(open_http(TargetConfig(name=f"{server.url}/ask"), http, {}), "a")


def test_attempts_share_no_session_by_cookies():
    http = HttpConfig(response="text")
    with ScriptedServer(application) as server:
        target = open_http(TargetConfig(name=f"{server.url}/ask/"), http, {})
        replies = [answers(target, text)[0].text for text in "abc"]
    assert replies == ["cookie none"] * 3


@pytest.mark.parametrize("proxy", ["socks5://user:hunter22@127.0.0.1:9", "gopher://hunter22@h:1"])
def test_a_proxy_that_cannot_be_used_is_one_line_without_its_password(
    proxy: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HTTP_PROXY", proxy)
    monkeypatch.setenv("http_proxy", proxy)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with pytest.raises(TargetError, match="proxy") as raised:
        _ = open_at("http://192.0.2.1/v1").capabilities
    assert "hunter22" not in str(raised.value)


@pytest.mark.parametrize(
    "name", ["localhost:8000/v1", "127.0.0.1:8000/v1", "api.example.com/v1", "gpu-box:8000"]
)
def test_an_address_without_its_scheme_is_told_from_a_folder(name: str):
    with pytest.raises(TargetError, match="begins with http"):
        open_target(TargetConfig(name=name))


@pytest.mark.parametrize("name", ["./models/mine", "models/mine-v1.2", "../x"])
def test_a_missing_folder_is_still_called_a_folder(name: str):
    with pytest.raises(TargetError) as raised:
        _ = open_target(TargetConfig(name=name)).capabilities
    assert "http" not in str(raised.value)


KEYS = ["sk-proj-abc_DEF-123", "gsk9aX81bQe77Zt0pLm3Kd", "hf_aBcDeFgHiJkLmNoPqRsTuVwXyZaBcDeFgH"]


@pytest.mark.parametrize("key", KEYS)
def test_a_key_that_stands_where_a_variable_s_name_belongs_is_not_quoted(key: str):
    with pytest.raises(TargetError, match="name of an environment variable") as raised:
        service_of(TargetConfig(name="https://h/v1", key_variable=key), {})
    assert key not in str(raised.value)
    headers = HttpConfig(headers={"Authorization": f"Bearer {key}"})
    with pytest.raises(TargetError, match="name of an environment variable") as raised:
        open_http(TargetConfig(name="https://h/ask"), headers, {})
    assert key not in str(raised.value)


@pytest.mark.parametrize("value", ["caf\u00e9-key-1", "two\nlines-1"])
def test_a_header_that_cannot_be_sent_is_said_without_its_value(value: str):
    http = HttpConfig(headers={"X-Key": "MY_KEY"})
    with pytest.raises(TargetError, match="MY_KEY holds") as raised:
        open_http(TargetConfig(name="https://h/ask"), http, {"MY_KEY": value})
    assert value not in str(raised.value)


@pytest.mark.parametrize(
    "spelled", [r"s\u006b\u002babc\/123\u003d", r"sk+abc\/123=", r"sk\u002Babc/123="]
)
def test_a_key_in_other_letters_of_json_is_blotted_out_too(spelled: str):
    service = Service(urls=("http://x",), secrets=("sk+abc/123=",))
    assert service.blot(f'{{"error": "bad key {spelled}"}}') == '{"error": "bad key [key]"}'


def test_a_short_header_is_no_secret_and_stays_in_answers():
    http = HttpConfig(response="text", headers={"X-Tenant": "TENANT"})
    with ScriptedServer(lambda call: Scripted(body={"text": "3 + 4 is 7"})) as server:
        target = open_http(TargetConfig(name=server.url), http, {"TENANT": "7"})
        assert answers(target, "a")[0].text == "3 + 4 is 7"


def test_results_that_nobody_reads_yet_hold_back_new_calls():
    began = 0

    async def work(number: int) -> int:
        nonlocal began
        began += 1
        return number

    async def pause() -> None:
        await asyncio.sleep(0.2)

    crossing = Crossing()
    stream = crossing.stream(work, range(5_000), at_once=4)
    next(stream)
    crossing.run(pause())
    assert began < UNREAD + 20
    assert len(list(stream)) == 4_999


def test_two_threads_may_begin_with_the_same_target():
    with ScriptedServer(openai_script(str.upper, delay=0.01)) as server:
        target, found = open_at(server.url, model="scripted"), list[str]()
        barrier = threading.Barrier(8)

        def ask(number: int) -> None:
            barrier.wait()
            found.extend(str(reply.text) for reply in answers(target, f"a{number}", f"b{number}"))

        threads = [threading.Thread(target=ask, args=(number,), daemon=True) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
    assert sorted(found) == sorted(f"{letter}{number}" for letter in "AB" for number in range(8))


def test_an_optimised_python_looks_at_the_server_too(tmp_path: Path):
    with ScriptedServer(openai_script(str.upper)) as server:
        code = (
            "from temper.targets.registry import open_target\n"
            "from temper.config import TargetConfig\n"
            "from temper.records import *\n"
            f"target = open_target(TargetConfig(name={server.url!r}))\n"
            "request = Request(prompt=Prompt.user('hi'), decoding=Decoding())\n"
            "print(next(target.generate([request])).text)\n"
        )
        done = subprocess.run(
            [sys.executable, "-O", "-c", code],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.stdout.strip() == "HI", done.stderr


@pytest.mark.parametrize("model", ["org/model-7B", "a:b@c"])
def test_a_model_may_stand_behind_its_server_s_address(model: str):
    with ScriptedServer(openai_script(str.upper, model=model)) as server:
        config = TargetConfig(name=f"{server.url}#{model}")
        assert (config.name, config.model) == (server.url, model)
        target = OpenAITarget(config, service_of(config, {}))
        assert answers(target, "a")[0].text == "A"
    assert server.calls[-1].body["model"] == model
    assert "/" not in config.label
    assert "/" not in folder_name(model)


def test_an_application_is_checked_from_its_file(tmp_path: Path):
    with ScriptedServer(application) as server:
        file = tmp_path / "shop.toml"
        address = f'[target]\nname = "{server.url}/ask/"\n'
        file.write_text(address + '[target.http]\nresponse = "text"\n')
        first, answer = check_target(load_target(file, {}))
    assert ": ok, http (at http" in first
    assert answer.endswith('says to "Hello": cookie none')
