"""How two protocols differ: rates of unlike protocols are not comparable."""

import json
from collections.abc import Mapping
from typing import Any


def unlike_parts(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Every setting of the protocols that differs, in words; the hashes only sum them up."""
    return [
        f"{key} ({_value(before, key)} before, {_value(after, key)} after)"
        for key in sorted({*before, *after} - {"hash"})
        if before.get(key) != after.get(key)
    ]


def facets_in_words(by: Mapping[str, Any]) -> str:
    """Facets as "attacker pirs, attacks accepted"; the target and the usual split are left out."""
    return ", ".join(
        f"{key} {value}" for key, value in by.items() if key != "target" and value != "unseen"
    )


def _value(protocol: Mapping[str, Any], key: str) -> str:
    return json.dumps(protocol[key]) if key in protocol else "not there"
