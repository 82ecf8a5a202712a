"""An application behind a URL: whatever takes JSON and answers with a text somewhere in JSON."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from temper.config import HttpConfig, TargetConfig
from temper.errors import TargetError
from temper.protocols import Capabilities, Pooling
from temper.records import Reply, Request, content_id, estimated_tokens
from temper.targets.endpoint.client import Client
from temper.targets.endpoint.crossing import Crossing
from temper.targets.endpoint.faults import FILTERED, CallFailed
from temper.targets.endpoint.keys import check_addresses, read_key
from temper.targets.endpoint.service import APPLICATION_ADVICE, Service
from temper.targets.template import fill_template, find_answer, has_place_for_prompt

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

QUIRKS = (
    "an application decides its own sampling: answers called greedy are drawn by its settings",
    "an application counts no tokens: they are estimated from characters",
)


class HttpTarget:
    """One POST a prompt; no log-probabilities, no say in the decoding.

    A call that may have been carried out is not sent again unless the settings allow it, because
    applications may act on what they are told.
    """

    unit: int | None = None

    def __init__(self, config: TargetConfig, http: HttpConfig, service: Service) -> None:
        if not has_place_for_prompt(http.template):
            raise TargetError('target.http.template has no "{prompt}" and no "{messages}"')
        self._config, self._http, self._service = config, http, service
        self._client, self._crossing = Client(service), Crossing()
        self._crossing.closers.append(self._client.close)

    @property
    def hash(self) -> str:
        """Address, template and path; an application does not tell what runs behind it."""
        http = self._http
        return content_id(
            "http", self._service.urls[0], http.template, http.response, self._config.system
        )

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            name=self._config.model or urlsplit(self._service.urls[0]).netloc,
            kind="http",
            chat=True,
            scores=False,
            hidden=False,
            context_tokens=None,
            details=f"at {', '.join(self._service.urls)}",
            quirks=QUIRKS,
        )

    def generate(self, requests: Iterable[Request]) -> Iterator[Reply]:
        at_once = self._service.most_in_flight * len(self._service.urls)
        return self._crossing.stream(self._reply, requests, at_once)

    def hidden(self, texts: Sequence[str], *, pooling: Pooling = "mean") -> "NDArray[np.float32]":
        raise TargetError("an application shows no hidden states: use another embedder")

    async def _reply(self, request: Request) -> Reply:
        if request.decoding is None:
            return _failed(request, "an application gives no log-probabilities")
        started = time.perf_counter()
        body = fill_template(self._http.template, request.prompt, self._config.system)
        path = self._http.response
        try:
            text = await self._client.post("", body, lambda data: find_answer(data, path))
        except CallFailed as error:
            if error.fault.code in FILTERED:
                return Reply(request_id=request.id, text="", finish="filtered")
            return _failed(request, str(error))
        cuts = [text.index(stop) for stop in request.decoding.stop if stop in text]
        text = text[: min(cuts)] if cuts else text
        return Reply(
            request_id=request.id,
            text=text,
            tokens_in=estimated_tokens(message.text for message in request.prompt.messages),
            tokens_out=estimated_tokens([text]),
            seconds=(time.perf_counter() - started) / max(1, self._client.in_flight),
        )


def _failed(request: Request, why: str) -> Reply:
    return Reply(request_id=request.id, finish="error", error=why)


def open_http(config: TargetConfig, http: HttpConfig, environment: Mapping[str, str]) -> HttpTarget:
    """The target of these settings, with its headers from the environment.

    Raises:
        TargetError: an address holds a key, or a named variable is not set.
    """
    urls = (config.name, *config.replicas)
    check_addresses(urls)
    headers = {
        header: read_key(variable, f"target.http.headers.{header}", environment)
        for header, variable in http.headers.items()
    }
    return HttpTarget(
        config,
        http,
        Service(
            urls=urls,
            headers=headers,
            secrets=tuple(headers.values()),
            timeout=config.timeout,
            retries=config.retries,
            most_in_flight=config.max_in_flight,
            repeatable=http.repeatable,
            advice=APPLICATION_ADVICE,
        ),
    )
