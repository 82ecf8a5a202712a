"""Tasks as Label Studio exports and imports them: one choice a text, a note beside it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import quoteattr

from temper.errors import ArtifactError
from temper.label.formats.given import GivenLabel
from temper.records import Guideline, Label


def config(guideline: Guideline) -> str:
    """The labelling interface that shows these tasks; paste it into a project's settings."""
    choices = "\n".join(f"    <Choice value={quoteattr(name)}/>" for name in guideline.labels)
    return f"""<View>
  <Header value={quoteattr(guideline.text or "Which is it?")}/>
  <Text name="text" value="$text"/>
  <Choices name="label" toName="text" choice="single" showInline="true">
{choices}
  </Choices>
  <TextArea name="note" toName="text"/>
</View>
"""


def tasks(labels: Sequence[Label], prompts: Mapping[str, str]) -> list[dict[str, Any]]:
    """One task an item, one annotation a label.

    Annotators are numbers there; `data.annotators` says whose.
    """
    people = {name: place for place, name in enumerate(sorted({one.annotator for one in labels}))}
    items: dict[str, list[Label]] = {}
    for label in labels:
        items.setdefault(label.item_id, []).append(label)
    return [
        {
            "id": number,
            "data": {
                "text": own[0].text,
                "prompt": prompts.get(item, ""),
                "item_id": item,
                "annotators": {str(people[one.annotator] + 1): one.annotator for one in own},
            },
            "annotations": [_annotation(one, people[one.annotator] + 1) for one in own],
        }
        for number, (item, own) in enumerate(items.items(), start=1)
    ]


def read(rows: Sequence[Mapping[str, Any]]) -> Iterator[GivenLabel]:
    """Labels of exported tasks; what is no choice or note is passed over.

    Raises:
        ArtifactError: a task has no text.
    """
    for number, task in enumerate(rows, start=1):
        data = task.get("data")
        if not isinstance(data, dict) or not isinstance(data.get("text"), str):
            raise ArtifactError(f"task {number} has no data.text")
        names = data.get("annotators")
        for annotation in task.get("annotations") or []:
            results = annotation.get("result") or []
            value = _first(results, "choices")
            if not value and not annotation.get("was_cancelled"):
                continue
            yield GivenLabel(
                text=data["text"],
                value=value,
                annotator=_name(annotation.get("completed_by"), names),
                item_id=str(data.get("item_id") or ""),
                seconds=annotation.get("lead_time"),
                note=_first(results, "text"),
                skipped=bool(annotation.get("was_cancelled")),
            )


def _annotation(label: Label, person: int) -> dict[str, Any]:
    results: list[dict[str, Any]] = []
    if not label.skipped:
        results.append(_result("label", "choices", {"choices": [label.value]}))
    if label.note:
        results.append(_result("note", "textarea", {"text": [label.note]}))
    return {
        "completed_by": person,
        "result": results,
        "was_cancelled": label.skipped,
        "lead_time": label.seconds,
    }


def _result(name: str, kind: str, value: dict[str, Any]) -> dict[str, Any]:
    return {"from_name": name, "to_name": "text", "type": kind, "value": value}


def _first(results: Sequence[Mapping[str, Any]], key: str) -> str:
    for result in results:
        found = (result.get("value") or {}).get(key)
        if isinstance(found, list) and found:
            return str(found[0])
    return ""


def _name(person: Any, names: Any) -> str:
    if isinstance(person, dict):
        return str(person.get("email") or person.get("id"))
    return str((names or {}).get(str(person), f"user {person}"))
