"""One HTTP call and what became of it. All that the HTTP library can raise ends here."""

import asyncio
import json
import ssl
from collections.abc import Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from temper.errors import TargetError
from temper.targets.endpoint.faults import Fault, read_response
from temper.targets.endpoint.keys import INSIDE
from temper.targets.endpoint.service import Service

if TYPE_CHECKING:
    import httpx2

CONNECT_SECONDS = 4.0
MOST_BYTES = 32_000_000
"""No answer is longer: a hostile server must not fill the memory."""


def open_client(url: str, service: Service) -> "httpx2.AsyncClient":
    """A client for one address, which keeps no cookies: a session would tie attempts together.

    Raises:
        TargetError: the environment's settings for proxies or certificates cannot be used.
    """
    import httpx2

    # proxies are for what lies outside; a loopback address never goes through one
    inside = urlsplit(url).hostname in INSIDE
    try:
        return httpx2.AsyncClient(
            headers=dict(service.headers),
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            timeout=httpx2.Timeout(None, connect=CONNECT_SECONDS),
            limits=httpx2.Limits(max_connections=None, max_keepalive_connections=None),
            trust_env=not inside,
        )
    except ImportError as error:
        raise TargetError(
            "the environment names a SOCKS proxy, which needs: pip install socksio"
        ) from error
    except (ValueError, OSError, httpx2.InvalidURL) as error:  # may quote a proxy's password
        raise TargetError(
            f"the environment's proxy or certificates cannot be used ({type(error).__name__}):"
            " check HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY, SSL_CERT_FILE and SSL_CERT_DIR"
        ) from None


async def send(
    client: "httpx2.AsyncClient", method: str, url: str, content: bytes | None, service: Service
) -> Any | Fault:
    """The JSON that came back, or the fault."""
    import httpx2

    try:
        async with (
            asyncio.timeout(service.timeout),
            client.stream(method, url, content=content, headers=_JSON) as response,
        ):
            raw = bytearray()
            async for part in response.aiter_bytes():
                raw += part
                if len(raw) > MOST_BYTES:
                    return Fault("broken", f"answered with more than {MOST_BYTES} bytes")
    except TimeoutError:
        return Fault("broken", f"no answer within {service.timeout:g} s")
    except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
        return _no_connection(error)
    except (httpx2.InvalidURL, httpx2.UnsupportedProtocol, UnicodeError) as error:
        return Fault("fatal", f"this is no address ({error})")
    except httpx2.ProxyError as error:
        return Fault("unreachable", f"the proxy refuses: {_deepest(error)}")
    except httpx2.RequestError as error:
        return Fault("broken", f"the connection broke ({type(error).__name__})")
    text = service.blot(raw.decode("utf-8-sig", "replace"))
    return read_response(response.status_code, response.headers, text)


def encode(body: Mapping[str, Any]) -> bytes:
    """Lone surrogates, which JSON can carry and UTF-8 cannot, stay escaped."""
    return json.dumps(body, separators=(",", ":")).encode("ascii")


_JSON = {"content-type": "application/json"}


def _no_connection(error: BaseException) -> Fault:
    """A certificate stays wrong; any other failure, of the secure layer too, may pass."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLError):
        cause = cause.__cause__ or cause.__context__
    if cause is None:
        return Fault("unreachable", _deepest(error) or "no connection")
    kind = "fatal" if isinstance(cause, ssl.SSLCertVerificationError) else "unreachable"
    return Fault(kind, f"the secure connection failed: {_deepest(error)}")


def _deepest(error: BaseException) -> str:
    """The words of the exception that began it: libraries wrap it in emptier ones."""
    text = str(error)
    while (below := error.__cause__ or error.__context__) is not None:
        error = below
        text = str(error) or text
    return text
