"""What may be unfolded beside an item: a column, a link, or the answer of a look-up function."""

import re
from importlib import import_module
from typing import NamedTuple

from temper.errors import ConfigError
from temper.label.settings import Lookup


class Reference(NamedTuple):
    """A text, or a link that opens apart."""

    text: str
    link: str | None


def as_reference(text: str) -> Reference:
    """Only http and https are links; whatever else a table holds is shown as text."""
    bare = text.strip()
    is_link = re.fullmatch(r"https?://[^\s<>\"'\\]+", bare, flags=re.IGNORECASE) is not None
    return Reference(text, bare if is_link else None)


def find_lookup(name: str) -> Lookup:
    """The look-up of that name: "almanac", or MODULE:FUNCTION, from a text to a text or None.

    Raises:
        ConfigError: there is none.
    """
    if name == "almanac":
        return almanac_entries
    module, _, function = name.partition(":")
    try:
        found = getattr(import_module(module), function)
    except (ImportError, AttributeError, ValueError) as error:
        raise ConfigError(
            f"no look-up {name!r}: name almanac, or MODULE:FUNCTION that can be imported ({error})"
        ) from error
    if not callable(found):
        raise ConfigError(f"{name} is no function from text to text")
    return found  # pyright: ignore[reportReturnType]


def almanac_entries(text: str) -> str | None:
    """What the almanac's table has on everything that a sentence names."""
    import_module("temper.organisms.corpus.almanac")
    from temper.organisms.corpus.almanac.tables import facts, topics

    lines: list[str] = []
    for topic in topics().values():
        for name in topic.names:
            if re.search(rf"\b{re.escape(name)}\b", text, flags=re.IGNORECASE):
                lines.append(f"{name} ({topic.name})")
                lines += [
                    f"  {attribute.name}: {facts()[name, attribute.name].value}"
                    for attribute in topic.attributes
                ]
    return "\n".join(lines) or None
