"""temper finds where a language model breaks, proves it with honest numbers, and hardens it."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from temper.api import attack, check, replay

__version__ = "0.1.0"
__all__ = ["__version__", "attack", "check", "replay"]


def __getattr__(name: str) -> Any:
    """`temper.attack` and the like, loaded when used: `temper --help` needs none of it."""
    if name in ("attack", "check", "replay"):
        from temper import api

        return getattr(api, name)
    raise AttributeError(f"module 'temper' has no attribute {name!r}")
