"""Templates, and hostile text made visible instead of obeyed."""

import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from jinja2 import Environment

SHOWN = 20_000
"""Characters of an item on the page; the whole of it stands behind a link."""
KEYS = "1234567890" + "qwetyiop"
"""A key for every label, in order; other letters mean something else."""


@cache
def environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, select_autoescape

    found = Environment(
        loader=PackageLoader("temper.label"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        auto_reload=False,  # the templates are part of the package; looking would cost every page
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters |= {"marked": marked, "seconds": seconds, "alpha": alpha}
    return found


def render(template: str, **values: Any) -> str:
    return environment().get_template(template).render(**values)


def marked(text: str, most: int = SHOWN) -> Markup:
    """The text, escaped, with every character that would act instead of show named in a box."""
    parts: list[str] = []
    start, text = 0, text[:most]
    for place, character in enumerate(text):
        if character in "\n\t" or character.isprintable() or _is_space(character):
            continue
        parts += [str(escape(text[start:place])), _box(character)]
        start = place + 1
    return Markup("".join([*parts, str(escape(text[start:]))]))


def _is_space(character: str) -> bool:
    return unicodedata.category(character) == "Zs"


def _box(character: str) -> str:
    name = unicodedata.name(character, "control character").lower()
    return f'<span class="mark" title="{escape(name)}">U+{ord(character):04X}</span>'


def seconds(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f} s" if value >= 1 else "under 1 s"


def alpha(found: Any) -> str:
    """Agreement with its interval and the items behind it."""
    if found is None:
        return "cannot be computed"
    ends = found.interval
    between = "no interval" if ends is None else f"[{ends[0]:.2f}, {ends[1]:.2f}]"
    return f"{found.value:.2f} {between}, {found.items} items"
