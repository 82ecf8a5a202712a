"""Keys come from the environment and go to the server that they are meant for, nowhere else."""

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl, urlsplit

from temper.config import TargetConfig
from temper.errors import TargetError

DEFAULT_VARIABLE = "OPENAI_API_KEY"
SECRET_NAMES = ("key", "token", "secret", "password", "sig", "auth")
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
    variable = config.key_variable or DEFAULT_VARIABLE
    key = environment.get(variable, "").strip()
    if not key:
        if config.key_variable:
            raise TargetError(f"the environment variable {variable}, for the key, is not set")
        return None
    if not key.isascii() or not key.isprintable():
        raise TargetError(f"the key in {variable} holds characters that no header can carry")
    in_the_clear = any(
        url.startswith("http://") and urlsplit(url).hostname not in INSIDE for url in urls
    )
    return None if in_the_clear and config.key_variable is None else key
