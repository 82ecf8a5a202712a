"""Put a prompt into a JSON template, and find the answer in what comes back."""

from collections.abc import Mapping
from typing import Any

from temper.records import Prompt
from temper.targets.endpoint.faults import Malformed, shorten


def fill_template(template: Any, prompt: Prompt, system: str | None) -> Any:
    """The template with {prompt}, {system} and "{messages}" filled in; other braces stay.

    {prompt} is the last message. In one pass, so that braces inside a prompt stay as they are.
    """
    if isinstance(template, dict):
        return {key: fill_template(value, prompt, system) for key, value in template.items()}
    if isinstance(template, list):
        return [fill_template(value, prompt, system) for value in template]
    if template == "{messages}":
        lead = [{"role": "system", "content": system}] if system else []
        return lead + prompt.to_list()
    if isinstance(template, str):
        parts = template.split("{prompt}")
        return prompt.last.text.join(part.replace("{system}", system or "") for part in parts)
    return template


def has_place_for_prompt(template: Any) -> bool:
    if isinstance(template, Mapping):
        return any(has_place_for_prompt(value) for value in template.values())
    if isinstance(template, list):
        return any(has_place_for_prompt(value) for value in template)
    return isinstance(template, str) and ("{prompt}" in template or template == "{messages}")


def find_answer(data: Any, path: str) -> str:
    """The text at a path such as "choices.0.text"; the empty path is the whole.

    Raises:
        Malformed: the path leads nowhere, or not to a text.
    """
    for step in filter(None, path.split(".")):
        if isinstance(data, list) and step.lstrip("-").isdigit() and _holds(data, int(step)):
            data = data[int(step)]
        elif isinstance(data, dict) and step in data:
            data = data[step]
        else:
            raise Malformed(f"answered without {step!r} of {path!r}: {shorten(str(data))}")
    if not isinstance(data, str):
        raise Malformed(f"answered with no text at {path or 'the top'!r}: {shorten(str(data))}")
    return data


def _holds(items: list[Any], place: int) -> bool:
    return -len(items) <= place < len(items)
