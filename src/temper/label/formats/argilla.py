"""Records as Argilla 2 writes and reads them as JSON, with one question named "label"."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from temper.errors import ArtifactError
from temper.label.formats.given import GivenLabel
from temper.records import Label

QUESTION = "label"


def records(labels: Sequence[Label], prompts: Mapping[str, str]) -> list[dict[str, Any]]:
    """One record an item, one response a label; skipped items have none.

    Users are UUIDs there; `metadata.annotators` has the names that they are made from.
    """
    items: dict[str, list[Label]] = {}
    for label in labels:
        items.setdefault(label.item_id, []).append(label)
    return [
        {
            "id": item,
            "fields": {"text": own[0].text, "prompt": prompts.get(item, "")},
            "metadata": {"annotators": sorted({one.annotator for one in own})},
            "suggestions": {},
            "responses": {
                QUESTION: [
                    {"value": one.value, "user_id": user_id(one.annotator)}
                    for one in own
                    if not one.skipped
                ]
            },
            "vectors": {},
            "_server_id": None,
        }
        for item, own in items.items()
    ]


def read(rows: Sequence[Mapping[str, Any]]) -> Iterator[GivenLabel]:
    """The responses to the question "label", or to the only question there is.

    Raises:
        ArtifactError: a record has no text, or several questions and none of that name.
    """
    for number, record in enumerate(rows, start=1):
        text = (record.get("fields") or {}).get("text")
        if not isinstance(text, str):
            raise ArtifactError(f"record {number} has no fields.text")
        responses = record.get("responses") or {}
        if responses and QUESTION not in responses and len(responses) != 1:
            raise ArtifactError(
                f"record {number} has the questions {', '.join(responses)}, none named {QUESTION!r}"
            )
        names = (record.get("metadata") or {}).get("annotators") or []
        known = {user_id(name): name for name in names if isinstance(name, str)}
        for response in responses.get(QUESTION) or next(iter(responses.values()), []):
            user = str(response.get("user_id"))
            yield GivenLabel(
                text=text,
                value=str(response.get("value")),
                annotator=known.get(user, f"user {user[:8]}"),
                item_id=str(record.get("id") or ""),
            )


def user_id(name: str) -> str:
    """A UUID that is the same wherever the name is."""
    return str(uuid5(NAMESPACE_URL, f"temper:annotator:{name}"))
