"""Ready scripts: a model by functions, and faults in a share of its answers."""

import json
import math
import random
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from temper.serving.scripted import Call, Json, Script, Scripted

Say = Callable[[str], str]
"""The last message to the answer."""
Weigh = Callable[[str, str], float]
"""A prompt and a number that might follow to its log-probability."""

FAULTS: Mapping[str, Scripted] = {
    "429": Scripted(status=429, body={"error": {"message": "slow down", "code": "rate_limit"}}),
    "429 Retry-After": Scripted(
        status=429, headers={"retry-after": "0.05"}, body={"error": {"message": "slow down"}}
    ),
    "500": Scripted(status=500, body={"error": {"message": "internal"}}),
    "time-out": Scripted(cut="hang"),
    "reset": Scripted(cut="reset"),
    "truncated JSON": Scripted(body='{"choices": [{"message": {"content": "1'),
    "broken off": Scripted(body={"choices": []}, cut="truncate"),
    "wrong schema": Scripted(body={"choices": [{"message": {"role": "assistant"}}]}),
    "empty choices": Scripted(body={"choices": []}),
    "HTML": Scripted(
        body="<html><title>Bad gateway</title></html>", headers={"content-type": "text/html"}
    ),
}


def openai_script(
    say: Say, *, weigh: Weigh | None = None, model: str = "scripted", delay: float = 0.0
) -> Script:
    """An OpenAI-compatible server: chat, completions, and echo where it can weigh."""

    def script(call: Call) -> Scripted:
        if call.path.endswith("/models"):
            return Scripted(body={"data": [{"id": model}]})
        if call.path.endswith("/chat/completions"):
            return Scripted(body=_chat(call.body, say, weigh, model), delay=delay)
        if call.path.endswith("/completions"):
            return Scripted(body=_completion(call.body, say, weigh, model), delay=delay)
        return Scripted(status=404, body={"error": {"message": f"no route {call.path}"}})

    return script


def with_faults(
    script: Script, share: float, *, seed: int = 0, names: Sequence[str] = (*FAULTS,)
) -> Script:
    """Let a random share of the calls fail, each in one of the named ways."""
    rng, lock = random.Random(seed), threading.Lock()

    def faulty(call: Call) -> Scripted:
        with lock:
            fails, name = rng.random() < share, rng.choice(names)
        return FAULTS[name] if fails and call.method == "POST" else script(call)

    return faulty


def _chat(body: Json, say: Say, weigh: Weigh | None, model: str) -> Json:
    messages = body["messages"]
    answer: Json = {"id": "chatcmpl-scripted", "object": "chat.completion", "created": 0}
    answer["model"] = model
    choice: Json = {"index": 0, "finish_reason": "stop", "logprobs": None}
    if weigh and "prompt_logprobs" in body:
        value = weigh(messages[-2]["content"], messages[-1]["content"])
        own = {"logprob": value, "decoded_token": messages[-1]["content"]}
        answer["prompt_logprobs"] = [None, {"0": own}]
    choice["message"] = {"role": "assistant", "content": say(messages[-1]["content"])}
    return answer | {"choices": [choice], "usage": _usage(body, choice["message"]["content"])}


def _completion(body: Json, say: Say, weigh: Weigh | None, model: str) -> Json:
    prompts = body["prompt"] if isinstance(body["prompt"], list) else [body["prompt"]]
    choices = [
        {
            "index": place,
            "finish_reason": "stop",
            "text": text if body.get("echo") else say(text),
            "logprobs": _echo(text, weigh) if weigh and body.get("echo") else None,
        }
        for place, text in enumerate(prompts)
    ]
    return {"model": model, "choices": choices, "usage": _usage(body, "1")}


def _echo(text: str, weigh: Weigh) -> Json:
    """The text as two tokens: up to its last word, and that word."""
    last = re.search(r"\s?\S+$", text)
    start = last.start() if last else 0
    tokens = [text[:start], text[start:]]
    value = weigh(text[:start], text[start:])
    return {"tokens": tokens, "token_logprobs": [None, value], "top_logprobs": [{}, {}]}


def _usage(body: Json, text: str) -> dict[str, Any]:
    asked = math.ceil(len(json.dumps(body.get("messages") or body.get("prompt"))) / 4)
    drawn = max(1, math.ceil(len(text) / 4))
    return {"prompt_tokens": asked, "completion_tokens": drawn, "total_tokens": asked + drawn}
