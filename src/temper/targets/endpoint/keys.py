"""Keys come from the environment and go to the server that they are meant for, nowhere else."""

import re
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl, urlsplit

from temper.config import TargetConfig
from temper.errors import TargetError

DEFAULT_VARIABLE = "OPENAI_API_KEY"
SECRET_NAMES = ("key", "token", "secret", "password", "passwd", "credential", "sig", "auth")
LONGEST_SMALL_NAME = 24
INSIDE = ("localhost", "127.0.0.1", "::1")


def check_addresses(urls: Sequence[str]) -> None:
    """Refuse an address with a key in it, for addresses are written into the run folder.

    Raises:
        TargetError: without quoting the address.
    """
    for url in urls:
        try:
            parts = urlsplit(url)
            host = parts.hostname
            _ = parts.port
        except ValueError as error:
            raise TargetError(f"target.name is no address: {error}") from error
        if not url.startswith(("http://", "https://")) or not host:
            raise TargetError("target.name is no address: write http://HOST:PORT/v1")
        named = [name.lower() for name, _ in parse_qsl(parts.query, keep_blank_values=True)]
        if "@" in parts.netloc or any(word in name for name in named for word in SECRET_NAMES):
            raise TargetError(
                "the address of the target holds a key, which would be written into the run"
                " folder: put it into an environment variable and name that as target.key_variable"
            )


def key_for(
    config: TargetConfig, urls: Sequence[str], environment: Mapping[str, str]
) -> str | None:
    """The key, or None where there is none to send.

    The default variable is meant for a hosted service: it is not sent in the clear to another
    machine unless the settings name the variable.

    Raises:
        TargetError: the settings name a variable that is not set, or no header can carry its value.
    """
    if config.key_variable is None and not environment.get(DEFAULT_VARIABLE, "").strip():
        return None
    key = read_key(config.key_variable or DEFAULT_VARIABLE, "target.key_variable", environment)
    in_the_clear = any(
        url.startswith("http://") and urlsplit(url).hostname not in INSIDE for url in urls
    )
    return None if in_the_clear and config.key_variable is None else key


def read_key(variable: str, setting: str, environment: Mapping[str, str]) -> str:
    """The value of the environment variable that a setting names.

    Raises:
        TargetError: it is not set, or no header can carry it. A name is quoted only where it looks
            like one, for people write the key itself there.
    """
    if not _looks_like_a_variable(variable):
        raise TargetError(
            f"{setting} must be the name of an environment variable, and what stands there is none:"
            " put the key into a variable (export MY_KEY=…) and name that (MY_KEY)"
        )
    value = environment.get(variable, "").strip()
    if not value:
        raise TargetError(f"{setting}: the environment variable {variable} is not set")
    if not value.isascii() or not value.isprintable():
        raise TargetError(f"{setting}: {variable} holds characters that no header can carry")
    return value


def _looks_like_a_variable(name: str) -> bool:
    """Keys of some services are letters and digits alone; names in small letters are short."""
    if re.fullmatch(r"[A-Z_][A-Z0-9_]*", name):
        return True
    return bool(re.fullmatch(r"[A-Za-z_]+", name)) and len(name) <= LONGEST_SMALL_NAME
