"""`temper target serve` answers as the local checkpoint would, and refuses in OpenAI's form."""

import asyncio
from typing import Any, cast

import httpx2
import pytest

from temper.protocols import Target
from temper.records import Decoding, Prompt, Request
from temper.serving.app import build_app
from temper.targets.huggingface import HuggingFaceTarget
from temper.targets.recorded import ask_all

KEY = "let-me-in"
SUM = "What is 3 + 4? Reply with the number only."


@pytest.fixture(scope="module")
def app(abacus: Target) -> Any:
    return build_app(cast("HuggingFaceTarget", abacus), KEY)


def post(app: Any, path: str, key: str = KEY, **body: Any) -> tuple[int, Any]:
    async def call() -> tuple[int, Any]:
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
            headers = {"authorization": f"Bearer {key}"}
            response = await client.post(path, json=body, headers=headers)
            return response.status_code, response.json()

    return asyncio.run(call())


def chat(app: Any, text: str = SUM, **body: Any) -> tuple[int, Any]:
    messages = [{"role": "user", "content": text}]
    return post(app, "/v1/chat/completions", messages=messages, **body)


def test_a_greedy_chat_is_what_the_checkpoint_says(app: Any, abacus: Target):
    (local,) = ask_all(abacus, [Request(prompt=Prompt.user(SUM), decoding=Decoding())])
    status, answer = chat(app, max_tokens=24, temperature=0)
    choice = answer["choices"][0]
    assert status == 200
    assert (choice["message"]["content"], choice["finish_reason"]) == (local.text, local.finish)
    assert answer["usage"]["prompt_tokens"] == local.tokens_in


def test_echo_gives_the_log_probabilities_that_the_checkpoint_gives(app: Any, abacus: Target):
    prompt, answers = "Question: What is 3 + 4?\nAnswer:", (" 7", " 9")
    request = Request(prompt=Prompt.raw(prompt), answers=answers)
    (local,) = ask_all(abacus, [request])
    texts = [prompt + answer for answer in answers]
    body: dict[str, Any] = {"prompt": texts, "echo": True, "logprobs": 20, "max_tokens": 1}
    _, answer = post(app, "/v1/completions", temperature=0, **body)
    from temper.targets.openai.weigh import read_echo

    values, _, _ = read_echo(answer, answers, request.prompt)
    assert values == pytest.approx(list(local.logprobs), abs=2e-3)


def test_a_conversation_s_answers_are_weighed_as_locally(app: Any, abacus: Target):
    from temper.targets.openai.weigh import prefill_body, read_prefill
    from temper.targets.openai.wire import Dialect

    request = Request(prompt=Prompt.user(SUM), answers=("7", "9", "12"))
    (local,) = ask_all(abacus, [request])
    for answer, expected in zip(request.answers, local.logprobs, strict=True):
        body = prefill_body(request, answer, None, Dialect("abacus-s"))
        _, answered = post(app, "/v1/chat/completions", **body)
        ((value,), _, _) = read_prefill(answered, answer, request.prompt)
        assert value == pytest.approx(expected, abs=2e-3)


def test_n_and_lists_of_prompts_give_that_many_choices(app: Any):
    body: dict[str, Any] = {"prompt": ["1 + 1 =", "2 + 2 ="], "n": 3, "max_tokens": 4}
    _, answer = post(app, "/v1/completions", **body)
    assert [choice["index"] for choice in answer["choices"]] == list(range(6))


def test_a_seed_repeats_a_text_and_stop_ends_it(app: Any):
    options: dict[str, Any] = {"temperature": 1.5, "max_tokens": 12}
    texts = [
        chat(app, "Tell me a story.", seed=seed, **options)[1]["choices"][0]["message"]["content"]
        for seed in (1, 1, 2, 3, 4)
    ]
    assert texts[0] == texts[1]
    assert len(set(texts)) > 2
    _, whole = post(app, "/v1/completions", prompt="1 + 1 =", max_tokens=12, temperature=0)
    text = whole["choices"][0]["text"]
    end = text.strip()[0]
    _, cut = post(
        app, "/v1/completions", prompt="1 + 1 =", max_tokens=12, temperature=0, stop=[end]
    )
    assert cut["choices"][0]["text"] == text[: text.index(end)]


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"model": "other"}, 404, "model_not_found"),
        ({"max_tokens": 5_000}, 400, "context_length_exceeded"),
        ({"temperature": "hot"}, 400, "temperature"),
        ({"stream": True}, 400, "stream"),
        ({"n": 0}, 400, "'n'"),
        ({"key": "wrong"}, 401, "invalid_api_key"),
        ({"messages": []}, 400, "messages"),
    ],
)
def test_what_cannot_be_had_is_refused_in_openai_s_form(
    app: Any, body: dict[str, Any], status: int, words: str
):
    asked: dict[str, Any] = {"messages": [{"role": "user", "content": SUM}], **body}
    code, answer = post(app, "/v1/chat/completions", **asked)
    assert code == status
    assert words in str(answer["error"])
