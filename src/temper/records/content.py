"""Ids that follow from content."""

import hashlib
import json


def content_id(*parts: object) -> str:
    """The first 24 hex digits of SHA-256 over the parts as JSON: equal content, equal id."""
    text = json.dumps(parts, ensure_ascii=True, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:24]
