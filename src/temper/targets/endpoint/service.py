"""Where a service is and how to treat it, and the words for what goes wrong with it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from temper.targets.endpoint.faults import Fault

SHORTEST_SECRET = 6
"""Shorter headers ("7", "true") hide nothing, and would be blotted out of answers."""


OPENAI_ADVICE: Mapping[int, str] = {
    401: "Check the key in the environment, and target.key_variable",
    402: "The account has no money left",
    403: "This key may not use it",
    404: "Check the address (most end in /v1) and --model",
    405: "Check the address (most end in /v1)",
}
APPLICATION_ADVICE: Mapping[int, str] = {
    401: "Check target.http.headers, and the variables that they name",
    402: "The account has no money left",
    403: "Check target.http.headers, and the variables that they name",
    404: "Check the address",
    405: "Check the address: it must take a POST",
}
"""What to look at, by the status of an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One service behind one or several addresses."""

    urls: tuple[str, ...]
    """The replicas; equal in all but their address."""
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    """Values that may stand in no message and no record."""
    timeout: float = 60.0
    retries: int = 4
    most_in_flight: int = 64
    """For each replica."""
    patience: float = 60.0
    """Seconds to wait for a service that answered once and cannot be reached any more."""
    advice: Mapping[int, str] = field(default_factory=lambda: OPENAI_ADVICE, repr=False)
    repeatable: bool = True
    """Whether a call may be sent again although it may have been carried out already."""

    def blot(self, text: str) -> str:
        """The text with every secret blotted out: servers quote the key that they refuse."""
        secrets = [secret for secret in self.secrets if len(secret) >= SHORTEST_SECRET]
        if secrets and ("\\u00" in text or "\\/" in text):
            text = _plainly_spelled(text)
        for secret in sorted(secrets, key=len, reverse=True):
            for form in (secret, json.dumps(secret)[1:-1]):
                text = text.replace(form, "[key]")
        return text

    def explain(self, fault: Fault, url: str) -> str:
        """One line on why nothing works at this address, and what to look at."""
        hint = self.advice.get(fault.status or 0)
        if fault.kind == "unreachable":
            hint = "Is the server running, and the address right?"
        elif "web page" in fault.reason:
            hint = self.advice[405]
        return self.blot(f"{url}: {fault.reason}" + (f". {hint}" if hint else ""))


def _plainly_spelled(text: str) -> str:
    r"""JSON may spell a letter as \u002b or \/, and a key in such letters would not be found."""
    try:
        return json.dumps(json.loads(text))
    except (ValueError, RecursionError):
        return text
