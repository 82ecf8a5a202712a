"""Who may reach the pages: this machine or a token; no other origin posts; nothing inline runs."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from starlette.requests import Request

LOOPBACK = ("localhost", "127.0.0.1", "::1")
MOST_BYTES = 4_000_000
COOKIE = "temper_label"
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
        " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # with "no-referrer" a browser posts its origin as "null"
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Refused(Exception):
    """A request that is not answered, with the reason and the HTTP status."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


@dataclass(frozen=True, slots=True)
class Access:
    """What lets a browser in. Without tokens only this machine is served, and a name suffices."""

    token: str | None = None
    """Of everybody who labels."""
    lead_token: str | None = None
    """Of those who may also change the guideline and adjudicate."""

    def admits(self, given: str) -> bool:
        return self.token is None or self.leads(given) or _same(given, self.token)

    def leads(self, given: str) -> bool:
        return self.lead_token is not None and _same(given, self.lead_token)


def check_host(headers: Mapping[str, str], access: Access) -> None:
    """Refuse other names for this machine where no token protects it.

    A page elsewhere could point its own name here and read what the browser sees (DNS rebinding).

    Raises:
        Refused: such a name was used.
    """
    name = urlsplit(f"//{headers.get('host', '')}").hostname
    if access.token is None and name not in LOOPBACK:
        raise Refused(403, f"this page is served as localhost only, not as {name}")


def check_origin(headers: Mapping[str, str]) -> None:
    """Refuse posts that another page made a browser send.

    Browsers name the origin of every post. Programs that name none carry no one's cookies by
    accident, so they may post.

    Raises:
        Refused: another origin.
    """
    origin = headers.get("origin")
    foreign = origin is not None and urlsplit(origin).netloc != headers.get("host", "")
    if foreign or headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Refused(403, "this page takes answers from itself only")


async def read_form(request: "Request") -> dict[str, list[str]]:
    """The fields of a posted form.

    Raises:
        Refused: too long, or no form.
    """
    raw = bytearray()
    async for part in request.stream():
        raw += part
        if len(raw) > MOST_BYTES:
            raise Refused(413, f"that is longer than {MOST_BYTES} bytes")
    try:
        return parse_qs(
            raw.decode("ascii", "replace"),
            keep_blank_values=True,
            errors="replace",
            max_num_fields=500,
        )
    except ValueError as error:
        raise Refused(400, f"no form: {error}") from error


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode())
