"""Tell apart what a server can answer with: JSON, or one of the ways to fail."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal, NamedTuple

Kind = Literal["throttled", "server", "broken", "unreachable", "refused", "fatal"]

FILTERED = ("content_filter", "content_policy_violation")
"""Codes of an error that says that a filter kept the prompt from the model."""
SHOWN = 200
"""Characters of a server's own words that a message quotes."""


class Fault(NamedTuple):
    """One call that brought no usable answer.

    throttled: asked to slow down. server: a 5xx. broken: time-out, reset, or an answer that is no
    JSON. unreachable: no connection at all. refused: this request, by a 4xx. fatal: every request.
    """

    kind: Kind
    reason: str
    wait: float | None = None
    """Seconds that the server asks us to wait."""
    status: int | None = None
    code: str = ""
    """The server's own name for the error."""


class CallFailed(Exception):
    """One request brought no answer, retries included; the service may still be fine."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.reason)
        self.fault = fault


class Malformed(Exception):
    """An answer is JSON, but not what was to be expected."""


def read_response(status: int, headers: Mapping[str, str], text: str) -> Any | Fault:
    """The JSON of a good response, or the fault."""
    if 200 <= status < 300:
        return _json(headers, text)
    message, code = _error_message(text)
    if 300 <= status < 400:
        message = f"redirects to {_place_of(headers.get('location', ''))}"
    said = f"HTTP {status}: {message}" if message else f"HTTP {status}"
    return Fault(_kind(status, code, message), said, wait_asked(headers), status, code)


def wait_asked(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait; a date is held against the server's own clock where it tells it."""
    now = _date(headers.get("date"))
    return retry_after(headers.get("retry-after"), now)


def retry_after(value: str | None, now: datetime | None = None) -> float | None:
    """Seconds to wait, from either form of the header; None where there is none to be read."""
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    until = _date(value)
    if until is None:
        return None
    return max(0.0, (until - (now or datetime.now(UTC))).total_seconds())


def _date(value: str | None) -> datetime | None:
    try:
        date = parsedate_to_datetime(value or "")
    except (ValueError, OverflowError, TypeError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def _place_of(address: str) -> str:
    """Without what follows a question mark, which may be a key."""
    return shorten(address.partition("?")[0]) or "nowhere"


def _json(headers: Mapping[str, str], text: str) -> Any | Fault:
    if _is_html(headers, text):
        return Fault("broken", f"answered with a web page, not JSON: {_page_title(text)}")
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return Fault("broken", f"answered with broken JSON: {shorten(text[-80:]) or 'nothing'}")
    error = value.get("error") if isinstance(value, dict) else None
    if error and isinstance(error, dict | str):
        message, code = _error_message(text)
        return Fault(
            _kind_in_200(code, message), f"answered 200 with an error: {message}", code=code
        )
    return value


def _kind_in_200(code: str, message: str) -> Kind:
    """Gateways put the status of the server behind them into the error's code."""
    if code in FILTERED:
        return "refused"
    if not re.fullmatch("[45][0-9][0-9]", code):
        return "server"
    kind = _kind(int(code), code, message)
    return "refused" if kind == "fatal" and code not in ("401", "402") else kind


def _kind(status: int, code: str, message: str) -> Kind:
    if status == 429:
        # an account without money answers 429 to everything, for ever
        return "fatal" if "insufficient_quota" in (code, message) else "throttled"
    if status >= 500 or status in (408, 409, 425):
        return "server"
    if code in FILTERED:
        return "refused"
    if 300 <= status < 400 or status in (401, 402, 403, 404, 405):
        return "fatal"
    return "refused"


def _error_message(text: str) -> tuple[str, str]:
    """The server's words and its code, from any of the usual shapes of an error."""
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        return (_page_title(text) if _is_html({}, text) else shorten(text)), ""
    error: Any = body
    if isinstance(body, dict):
        error = body.get("error") or body.get("detail") or body.get("message") or body
    if isinstance(error, dict):
        return shorten(str(error.get("message") or error)), _code(error)
    return shorten(str(error)), ""


def _code(error: Mapping[str, Any]) -> str:
    """The server's name for it; gateways tell a filter by what stands beside the code."""
    details = error.get("metadata")
    if isinstance(details, dict) and "flagged_input" in details:
        return "content_filter"
    return str(error.get("code") or error.get("type") or "")


def _is_html(headers: Mapping[str, str], text: str) -> bool:
    return "html" in headers.get("content-type", "") or text.lstrip()[:1] == "<"


def _page_title(text: str) -> str:
    title = re.search(r"<title[^>]*>(.{1,200}?)</title>", text, flags=re.IGNORECASE | re.DOTALL)
    return f'"{shorten(title.group(1))}"' if title else "untitled"


def shorten(text: str) -> str:
    """One line of the server's words, without anything that could move a cursor."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= SHOWN else line[:SHOWN] + "…"
