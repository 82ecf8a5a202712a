"""Find out what an OpenAI-compatible server understands, by a handful of calls of one token."""

import asyncio
import time
from typing import Any

from temper.errors import TargetError
from temper.records import Prompt, Request
from temper.targets.endpoint.client import Client
from temper.targets.endpoint.faults import CallFailed, Fault, Malformed
from temper.targets.openai.weigh import (
    first_token_body,
    prefill_body,
    read_echo,
    read_prefill,
    spells_numbers_whole,
)
from temper.targets.openai.wire import (
    CHAT,
    COMPLETIONS,
    Body,
    Dialect,
    choices_of,
    with_choices,
)

PAUSES = (0.1, 0.3, 1.0)
"""Seconds before the list of models is asked for again, where it failed in passing."""
LONG = 5.0
"""Seconds after which it is not asked for again: a server that hangs will hang once more."""
CUT_SHORT = "output limit was reached"
"""A model that thinks first and was given one token: it is there."""
NOT_HERE = ("refused", "fatal")
"""Among good answers, such a fault is about the path or a field of the request."""
SUM = Prompt.user("What is 48 + 27? Reply with the number only.")


async def look_up(client: Client, model: str | None) -> Dialect:
    """The server's dialect.

    Raises:
        TargetError: it is not there, refuses the key or the model, or is no such server.
    """
    dialect = Dialect(model or await _only_model(client))
    chat = await _answers(client, CHAT, {"messages": [{"role": "user", "content": "Hi"}]}, dialect)
    raw = await _answers(client, COMPLETIONS, {"prompt": "1, 2, 3,"}, dialect)
    dialect.chat, dialect.completions = chat is None, raw is None
    if chat is not None and raw is not None:
        raise TargetError(client.service.explain(chat, client.service.urls[0]))
    if dialect.completions:
        await _look_up_echo(client, dialect)
    if dialect.chat:
        await _look_up_chat_weighing(client, dialect)
    return dialect


async def list_models(client: Client) -> list[str] | Fault:
    """The names that the server lists; many list none, or fail."""
    started = time.monotonic()
    listed = await client.once("/models")
    for wait in PAUSES:
        if not isinstance(listed, Fault) or listed.kind not in ("server", "broken", "throttled"):
            break
        if time.monotonic() - started > LONG:
            break
        await asyncio.sleep(wait)
        listed = await client.once("/models")
    if isinstance(listed, Fault):
        return listed
    entries = listed.get("data") if isinstance(listed, dict) else listed
    if not isinstance(entries, list):
        return Fault("broken", "lists its models in no form that is known")
    return [str(one["id"]) for one in entries if isinstance(one, dict) and "id" in one]


async def _only_model(client: Client) -> str:
    names = await list_models(client)
    url = client.service.urls[0]
    if isinstance(names, Fault):
        if names.kind == "unreachable" or names.status in (401, 402, 403) or names.status is None:
            raise TargetError(client.service.explain(names, url))
        raise TargetError(
            f"{url} does not say which models it has ({names.reason}): name one with --model,"
            " and check the address (most end in /v1)"
        )
    if len(names) != 1:
        shown = ", ".join(names[:8]) + (" …" if len(names) > 8 else "")
        raise TargetError(
            f"{url} lists {len(names)} models ({shown}): name one with --model, or as {url}#MODEL"
        )
    return names[0]


async def _answers(client: Client, path: str, body: Body, dialect: Dialect) -> Fault | None:
    """None if the path works; the fault where the server has no such path, or no template.

    Raises:
        TargetError: what is wrong has nothing to do with the path.
    """
    while True:
        full = {"model": dialect.model, dialect.limit_field: 1, **body}
        try:
            await client.post(path, full, choices_of)
            return None
        except CallFailed as error:
            if dialect.learn(error.fault, full):
                continue
            if CUT_SHORT in error.fault.reason:
                return None
            if error.fault.kind in NOT_HERE and not _blames_model(error.fault, dialect):
                return error.fault
            raise TargetError(
                client.service.explain(error.fault, client.service.urls[0])
            ) from error
        except TargetError:
            fault = await client.once(path, full)
            if isinstance(fault, Fault) and fault.status in (404, 405):
                if not _blames_model(fault, dialect):
                    return fault
                raise TargetError(_wrong_model(client, fault, dialect)) from None
            raise


def _blames_model(fault: Fault, dialect: Dialect) -> bool:
    said = fault.reason.lower()
    return "model" in fault.code or ("model" in said and dialect.model.lower() in said)


def _wrong_model(client: Client, fault: Fault, dialect: Dialect) -> str:
    return (
        f"{client.service.urls[0]} has no model {dialect.model!r} ({fault.reason}): name another"
        " with --model"
    )


async def _look_up_echo(client: Client, dialect: Dialect) -> None:
    body: Body = {"model": dialect.model, "max_tokens": 1, "temperature": 0}
    body |= {"echo": True, "logprobs": 5}
    two = await _tried(client, COMPLETIONS, body | {"prompt": ["2 + 2 = 4", "3 + 3 = 6"]})
    if _reads_echo(two, (" 4", " 6")):
        dialect.lists, dialect.weighs_raw = True, "echo"
    elif _reads_echo(await _tried(client, COMPLETIONS, body | {"prompt": "2 + 2 = 4"}), (" 4",)):
        dialect.weighs_raw = "echo"


def _reads_echo(data: Any, answers: tuple[str, ...]) -> bool:
    try:
        return data is not None and bool(read_echo(data, answers, Prompt.raw("2 + 2 =")))
    except Malformed:
        return False


async def _look_up_chat_weighing(client: Client, dialect: Dialect) -> None:
    asked = Request(prompt=SUM, answers=("75",))
    prefilled = await _tried(client, CHAT, prefill_body(asked, "75", None, dialect))
    try:
        if prefilled is not None and read_prefill(prefilled, "75", SUM):
            dialect.weighs_chat = "prompt_logprobs"
            return
    except Malformed:
        pass
    first = await _tried(client, CHAT, first_token_body(asked, None, dialect))
    try:
        if first is not None and spells_numbers_whole(first):
            dialect.weighs_chat = "first_token"
    except Malformed:
        pass


async def _tried(client: Client, path: str, body: Body) -> Any | None:
    """The answer, or None where the server refuses; a call that fails by chance is repeated."""
    try:
        return await client.post(path, body, with_choices)
    except CallFailed as error:
        if error.fault.kind in (*NOT_HERE, "server"):
            return None
        raise TargetError(client.service.explain(error.fault, client.service.urls[0])) from error
