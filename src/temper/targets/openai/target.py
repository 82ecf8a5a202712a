"""A model behind an OpenAI-compatible server."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from temper.config import TargetConfig
from temper.errors import TargetError
from temper.protocols import Capabilities, Pooling
from temper.records import Reply, Request, content_id
from temper.targets.endpoint.client import Client
from temper.targets.endpoint.crossing import Crossing
from temper.targets.endpoint.faults import FILTERED, CallFailed, Fault
from temper.targets.endpoint.service import Service
from temper.targets.openai import weigh
from temper.targets.openai.probe import look_up
from temper.targets.openai.wire import CHAT, COMPLETIONS, Body, Dialect, draw_body, read_text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Read = TypeVar("Read")


class OpenAITarget:
    """Chat and completions, many calls at once; looked at when first used.

    Args:
        config: `name` is the base URL, most end in /v1.
        service: where it is and how to treat it.
    """

    unit: int | None = None

    def __init__(self, config: TargetConfig, service: Service) -> None:
        self._config, self._service = config, service
        self._client, self._crossing = Client(service), Crossing()
        self._crossing.closers.append(self._client.close)
        self._known: Dialect | None = None

    @property
    def client(self) -> Client:
        """For those who count calls."""
        return self._client

    @property
    def dialect(self) -> Dialect:
        """What the server understands.

        Raises:
            TargetError: it cannot be used.
        """
        if self._known is None:
            self._known = self._crossing.run(look_up(self._client, self._config.model))
        return self._known

    def run(self, look: Callable[[Client], Any]) -> Any:
        """Run one more look at the server, as `temper target check` does."""
        return self._crossing.run(look(self._client))

    @property
    def hash(self) -> str:
        """Address, model, system prompt and way of weighing: no server tells its weights."""
        dialect = self.dialect
        parts = dialect.model, self._config.system, dialect.weighs_raw, dialect.weighs_chat
        return content_id("openai", self._service.urls[0], *parts)

    @property
    def capabilities(self) -> Capabilities:
        dialect = self.dialect
        return Capabilities(
            name=dialect.model,
            kind="openai",
            chat=dialect.chat,
            scores=bool(dialect.weighs_chat if dialect.chat else dialect.weighs_raw),
            scores_raw=bool(dialect.weighs_raw),
            hidden=False,
            context_tokens=None,
            details=f"at {', '.join(self._service.urls)}",
            quirks=_quirks(dialect),
        )

    def generate(self, requests: Iterable[Request]) -> Iterator[Reply]:
        _ = self.dialect  # here, where it may raise, and not inside the loop, where it would wait
        at_once = self._service.most_in_flight * len(self._service.urls)
        return self._crossing.stream(self._reply, requests, at_once)

    def hidden(self, texts: Sequence[str], *, pooling: Pooling = "mean") -> "NDArray[np.float32]":
        raise TargetError(f"{self._service.urls[0]} shows no hidden states: use another embedder")

    async def _reply(self, request: Request) -> Reply:
        started = time.perf_counter()
        try:
            reply = await (self._weigh(request) if request.answers else self._draw(request))
        except CallFailed as error:
            reply = _unanswered(request, error.fault)
        share = (time.perf_counter() - started) / max(1, self._client.in_flight)
        return replace(reply, seconds=share)

    async def _draw(self, request: Request) -> Reply:
        while True:
            path, body = draw_body(request, self._config.system, self.dialect)
            try:
                return await self._client.post(path, body, lambda data: read_text(data, request))
            except CallFailed as error:
                if not self.dialect.learn(error.fault, body):
                    raise

    async def _weigh(self, request: Request) -> Reply:
        dialect, system = self.dialect, self._config.system
        as_chat = dialect.chat and not (request.prompt.is_raw and dialect.completions)
        how = dialect.weighs_chat if as_chat else dialect.weighs_raw
        prompt, answers = request.prompt, request.answers
        parts: list[weigh.Weighed] = []
        match how:
            case "echo":
                bodies = weigh.echo_bodies(request, system, dialect)
                groups = [answers] if dialect.lists else [(answer,) for answer in answers]
                for body, group in zip(bodies, groups, strict=True):
                    read = _with(weigh.read_echo, group, prompt)
                    parts.append(await self._client.post(COMPLETIONS, body, read))
            case "prompt_logprobs":
                for answer in answers:
                    body: Body = weigh.prefill_body(request, answer, system, dialect)
                    read = _with(weigh.read_prefill, answer, prompt)
                    parts.append(await self._client.post(CHAT, body, read))
            case "first_token":
                body = weigh.first_token_body(request, system, dialect)
                read = _with(weigh.read_first_token, answers, prompt)
                parts.append(await self._client.post(CHAT, body, read))
            case None:
                raise CallFailed(Fault("refused", "this server gives no log-probabilities"))
        return weigh.weighed_reply(request, parts)


def _with(read: Callable[..., weigh.Weighed], *rest: Any) -> Callable[[Any], weigh.Weighed]:
    return lambda data: read(data, *rest)


def _unanswered(request: Request, fault: Fault) -> Reply:
    """A filter before the model is an answer; anything else that failed is none."""
    if fault.code in FILTERED:
        return Reply(request_id=request.id, text="", finish="filtered")
    return Reply(request_id=request.id, finish="error", error=fault.reason)


def _quirks(dialect: Dialect) -> tuple[str, ...]:
    """What was left out of requests, and what that does to the figures."""
    meaning = {
        "temperature": "the temperature is refused: answers called greedy are drawn by its own"
        " settings",
        "seed": "the seed is refused: a run asked anew gets other texts",
    }
    return tuple(
        meaning.get(name, f"{name} is refused and left out") for name in sorted(dialect.refused)
    )


def service_of(config: TargetConfig, environment: Mapping[str, str]) -> Service:
    """Where the target of these settings is, with its key from the environment.

    Raises:
        TargetError: an address holds a key, or the named variable is not set.
    """
    from temper.targets.endpoint.keys import check_addresses, key_for

    urls = (config.name, *config.replicas)
    check_addresses(urls)
    key = key_for(config, urls, environment)
    return Service(
        urls=tuple(url.rstrip("/") for url in urls),
        headers={"authorization": f"Bearer {key}"} if key else {},
        secrets=(key,) if key else (),
        timeout=config.timeout,
        retries=config.retries,
        most_in_flight=config.max_in_flight,
    )
