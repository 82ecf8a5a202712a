"""What a server does otherwise than asked: a row each, by a few calls.

Servers ignore in silence, so nothing here trusts a good status.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from temper.records import Prompt
from temper.targets.endpoint.client import Client
from temper.targets.endpoint.faults import CallFailed, Fault
from temper.targets.openai.probe import list_models
from temper.targets.openai.target import OpenAITarget
from temper.targets.openai.wire import Body, choices_of, prompt_body, text_of

OPEN_ENDED = "Write one sentence about anything you like."
DRAWS = 4


class Quirk(NamedTuple):
    """One row of the table."""

    what: str
    found: str
    meaning: str = ""
    """What temper does about it, or what it does to the figures; empty where all is well."""


def look_at_quirks(target: OpenAITarget) -> Iterator[Quirk]:
    """Every row, in an order that goes from the server to its samples."""
    dialect = target.dialect
    yield _models(target.run(list_models), dialect.model)
    for name, body, meaning in (
        ("another model's name", {"model": "no-such-model-here"}, "--model changes nothing"),
        ("top_k", {"top_k": 5}, ""),
    ):
        yield _accepted(name, _call(target, body), meaning)
    yield from _choices(_call(target, {"n": 2}))
    yield from _sampling(target)
    yield _stop(target)
    yield Quirk(
        "several prompts a call",
        "yes" if dialect.lists else "no",
        "" if dialect.lists else "one call for each answer that is weighed",
    )
    yield Quirk(
        "weighs answers, raw",
        dialect.weighs_raw or "no",
        "" if dialect.weighs_raw else "PIRS scores raw prompts by sampling",
    )
    yield Quirk("weighs answers, chat", dialect.weighs_chat or "no", _CHAT[dialect.weighs_chat])
    usage = _call(target, {})
    counts = isinstance(usage, dict) and isinstance(usage.get("usage"), dict)
    yield Quirk("counts tokens", *(("yes",) if counts else ("no", "estimated from characters")))
    for name in sorted(dialect.refused):
        yield Quirk(name, "refused", "left out of every request")


_CHAT = {
    "echo": "",
    "prompt_logprobs": "",
    "first_token": "by the first token; unlisted answers count as the least listed",
    None: "PIRS scores conversations by sampling",
}


def _models(names: list[str] | Fault, model: str) -> Quirk:
    if isinstance(names, Fault):
        return Quirk("lists its models", "no", f"{names.reason}; --model is needed")
    if model not in names:
        return Quirk("lists its models", f"{len(names)}, not this one")
    return Quirk("lists its models", str(len(names)))


def _accepted(name: str, answer: Any | Fault, meaning: str) -> Quirk:
    if isinstance(answer, Fault):
        return Quirk(name, "refused", "" if meaning else "left out of every request")
    return Quirk(name, "accepted", f"ignored: {meaning}" if meaning else "")


def _choices(answer: Any | Fault) -> Iterator[Quirk]:
    found = "refused" if isinstance(answer, Fault) else f"{len(choices_of(answer))} of 2"
    yield Quirk("n", found, "" if found == "2 of 2" else "never used: each draw is its own call")


def _sampling(target: OpenAITarget) -> Iterator[Quirk]:
    """Do draws differ without a seed, and agree with one?"""
    free = _texts(target, [{"temperature": 1.0} for _ in range(DRAWS)])
    different = len(set(free))
    if not free:
        yield Quirk("temperature", "refused", "greedy answers are drawn by its own settings")
    elif different == 1:
        yield Quirk(
            "temperature",
            "no effect seen",
            f"{DRAWS} equal answers at temperature 1: it answers greedily, samples are one sample",
        )
    else:
        yield Quirk("temperature", f"{different} of {DRAWS} differ")
    seeded = _texts(target, [{"temperature": 1.0, "seed": 7} for _ in range(2)])
    if not seeded:
        yield Quirk("seed", "refused", "a run asked anew gets other texts")
    elif different > 1 and len(set(seeded)) > 1:
        yield Quirk("seed", "no effect", "a run asked anew gets other texts")
    else:
        yield Quirk("seed", "repeats")


def _stop(target: OpenAITarget) -> Quirk:
    """Ask again for an answer to stop before a character that it has."""
    (text, *_) = _texts(target, [{"temperature": 0, "max_tokens": 16}]) or ("",)
    inner = next((one for one in text[1:] if one.strip()), None)
    if inner is None:
        return Quirk("stop", "not told", "the answer was too short")
    stopped = _texts(target, [{"temperature": 0, "max_tokens": 16, "stop": [inner]}])
    if not stopped:
        return Quirk("stop", "refused", "temper cuts the answers itself")
    if inner in stopped[0]:
        return Quirk("stop", "ignored", "temper cuts the answers itself; their tokens are paid for")
    return Quirk("stop", "stops")


def _texts(target: OpenAITarget, bodies: Sequence[Body]) -> list[str]:
    answers = [_call(target, {"max_tokens": 24} | body) for body in bodies]
    return [
        text_of(choices_of(answer)[0])[0] for answer in answers if not isinstance(answer, Fault)
    ]


def _call(target: OpenAITarget, body: Body) -> Any | Fault:
    """One call with these fields added; what goes wrong by chance is tried again."""
    path, common = prompt_body(Prompt.user(OPEN_ENDED), None, target.dialect)
    limit = {target.dialect.limit_field: body.get("max_tokens", 1)}
    rest = {name: value for name, value in body.items() if name != "max_tokens"}

    async def post(client: Client) -> Any | Fault:
        if "model" in body:
            return await client.once(path, common | limit | rest)
        try:
            return await client.post(path, common | limit | rest, _with_text)
        except CallFailed as error:
            return error.fault

    return target.run(post)


def _with_text(data: Any) -> Any:
    """The whole answer, once it is known to have a text."""
    text_of(choices_of(data)[0])
    return data
