"""What is wrong with settings, in words: the key, the fault, what was perhaps meant."""

import difflib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError


def explain(error: ValidationError, path: Path | None, kind: type[BaseModel]) -> str:
    """Every fault of some settings in one line, with a guess at the key that was meant."""
    lines = [
        _explain_one(item["loc"], item["msg"], item["type"], item.get("input"), kind)
        for item in error.errors()
    ]
    where = str(path) if path else "settings"
    return f"{where}: " + "; ".join(lines)


def _explain_one(
    place: Sequence[int | str], message: str, error: str, given: Any, kind: type[BaseModel]
) -> str:
    dotted = ".".join(str(part) for part in place)
    if error == "value_error":
        return f"{dotted}: {message.removeprefix('Value error, ')}"
    if error != "extra_forbidden":
        return f"{dotted}: {message[0].lower()}{message[1:]} (got {given!r})"
    close = difflib.get_close_matches(dotted, list(_all_keys(kind)), n=1, cutoff=0.5)
    hint = f", did you mean {close[0]!r}?" if close else ""
    return f"unknown key {dotted!r}{hint}"


def _all_keys(section: type[BaseModel], prefix: str = "") -> Iterator[str]:
    for name, info in section.model_fields.items():
        yield prefix + name
        inner = _section_of(info.annotation)
        if inner is not None:
            yield from _all_keys(inner, f"{prefix}{name}.")


def _section_of(annotation: Any) -> type[BaseModel] | None:
    """The section that a field holds, if it holds one, also where it may be None."""
    for kind in (annotation, *get_args(annotation)):
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            return kind
    return None
