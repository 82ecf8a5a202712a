"""The server itself: routes, keys, errors in OpenAI's form."""

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from temper.errors import TargetError
from temper.serving.answers import chat_answer, completion_answer
from temper.serving.asking import Refused, read_chat, read_completion
from temper.serving.batching import Batcher
from temper.serving.engine import Engine
from temper.serving.listening import address, listen
from temper.targets.huggingface import HuggingFaceTarget

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request as HttpRequest
    from starlette.responses import JSONResponse

MOST_BYTES = 8_000_000
INSIDE = ("localhost", "127.0.0.1", "::1")


def build_app(target: HuggingFaceTarget, key: str | None = None) -> "Starlette":
    """An ASGI application; the checkpoint is loaded here.

    Args:
        target: what answers.
        key: given, every call must carry it as its bearer.
    """
    from starlette.applications import Starlette
    from starlette.responses import JSONResponse
    from starlette.routing import Route

    batcher = Batcher(Engine(target))

    async def models(body: dict[str, Any]) -> Any:
        return {"object": "list", "data": [{"id": target.name, "object": "model"}]}

    async def health(body: dict[str, Any]) -> Any:
        return {"status": "ok"}

    async def completions(body: dict[str, Any]) -> Any:
        _check_model(body, target.name)
        asks = read_completion(body)
        answers = await asyncio.gather(*(batcher.answer(ask) for ask in asks))
        return completion_answer(asks, answers, target.name)

    async def chat(body: dict[str, Any]) -> Any:
        _check_model(body, target.name)
        ask = read_chat(body)
        return chat_answer(ask, await batcher.answer(ask), target.name)

    def route(path: str, answer: Callable[[dict[str, Any]], Awaitable[Any]], method: str) -> Route:
        async def endpoint(request: "HttpRequest") -> "JSONResponse":
            try:
                _check_key(request, key)
                body = await _body(request) if method == "POST" else {}
                return JSONResponse(await answer(body))
            except Refused as error:
                said = {"message": str(error), "type": error.code, "code": error.code}
                return JSONResponse({"error": said}, status_code=error.status)

        return Route(path, endpoint, methods=[method])

    return Starlette(
        routes=[
            route("/health", health, "GET"),
            route("/v1/models", models, "GET"),
            route("/v1/completions", completions, "POST"),
            route("/v1/chat/completions", chat, "POST"),
        ]
    )


def serve(
    target: HuggingFaceTarget,
    host: str,
    port: int,
    key: str | None,
    announce: Callable[[str], None],
) -> None:
    """Serve until interrupted; port 0 takes a free one, `announce` is told the address.

    Raises:
        TargetError: the server's libraries are missing, the port is taken, or the host is open to
            others without a key.
    """
    if host not in INSIDE and not key:
        raise TargetError(
            f"{host} can be reached from other machines: set a key with --key-variable NAME"
        )
    try:
        import uvicorn
    except ImportError as error:
        raise TargetError(
            f"serving needs starlette and uvicorn ({error}): pip install 'temper-lm[serve]'"
        ) from error
    try:
        listener = listen(host, port)
    except OSError as error:
        raise TargetError(f"cannot listen at {host}:{port}: {error.strerror}") from error
    with listener:
        app = build_app(target, key)
        announce(f"{address(host, listener)}/v1")
        config = uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off")
        uvicorn.Server(config).run(sockets=[listener])


async def _body(request: "HttpRequest") -> dict[str, Any]:
    import json

    raw = bytearray()
    async for part in request.stream():
        raw += part
        if len(raw) > MOST_BYTES:
            raise Refused(413, f"the body is longer than {MOST_BYTES} bytes")
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise Refused(400, f"the body is no JSON: {error}") from error
    if not isinstance(body, dict):
        raise Refused(400, "the body must be a JSON object")
    return body


def _check_model(body: dict[str, Any], name: str) -> None:
    asked = body.get("model", name)
    if asked != name:
        raise Refused(404, f"there is no model {asked!r} here, only {name!r}", "model_not_found")


def _check_key(request: "HttpRequest", key: str | None) -> None:
    given = request.headers.get("authorization", "").encode("utf-8", "replace")
    if key and not hmac.compare_digest(given, f"Bearer {key}".encode()):
        raise Refused(401, "the key is missing or wrong", "invalid_api_key")
