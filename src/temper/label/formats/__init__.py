"""Labels in and out: tables of our own, Label Studio's tasks, Argilla's records."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

from temper.errors import ArtifactError
from temper.label.formats import argilla, label_studio, table
from temper.label.formats.given import labels_of
from temper.label.tables import LabelStore
from temper.records import Guideline, Label

Format = Literal["csv", "jsonl", "parquet", "label-studio", "argilla"]
FORMATS: dict[str, Format] = {
    "csv": "csv",
    "jsonl": "jsonl",
    "parquet": "parquet",
    "label-studio": "label-studio",
    "argilla": "argilla",
}


class Written(NamedTuple):
    labels: int
    replaced: int
    """Texts with characters that the format cannot hold: they are replaced in the file."""


def format_of(path: Path, given: str | None) -> Format | None:
    """The format that is named, or that a file's ending tells; None for JSON of either tool.

    Raises:
        ArtifactError: neither is known.
    """
    wanted = given or path.suffix.lower().lstrip(".").replace("ndjson", "jsonl")
    found = FORMATS.get(wanted)
    if found is None and (given or path.suffix.lower() != ".json"):
        raise ArtifactError(f"{path}: name the format with --format: {', '.join(FORMATS)}")
    return found


def export_labels(
    store: LabelStore, guideline: Guideline, path: Path, given: str | None
) -> Written:
    """Write the labels that stand under a guideline.

    Raises:
        ArtifactError: the format is unclear, or the file cannot be written.
    """
    labels = store.standing_labels(guideline.version)
    prompts = {row["item_id"]: row["prompt"] for row in store.find("SELECT * FROM queues")}
    replaced = 0
    try:
        match format_of(path, given):
            case "label-studio":
                _write_json(path, label_studio.tasks(labels, prompts))
                path.with_suffix(".xml").write_text(label_studio.config(guideline), "utf-8")
            case "argilla":
                _write_json(path, argilla.records(labels, prompts))
            case None:
                raise ArtifactError(f"{path}: name the format with --format: label-studio, argilla")
            case plain:
                replaced = table.write(path, plain, table.rows(labels, prompts))
    except OSError as error:
        raise ArtifactError(f"{path} cannot be written: {error.strerror}") from error
    return Written(len(labels), replaced)


def read_labels(
    path: Path, given: str | None, guideline: Guideline, renamed: Mapping[str, str]
) -> list[Label]:
    """Labels from a file that any of the tools wrote, under the guideline's names.

    Raises:
        ArtifactError: it cannot be read, or a value is no label of the guideline.
    """
    wanted = format_of(path, given)
    if wanted in ("csv", "jsonl", "parquet"):
        return labels_of(table.read(path), guideline, renamed, path)
    rows = _json_list(path)
    is_argilla = wanted == "argilla" or (wanted is None and "fields" in rows[0])
    found = argilla.read(rows) if is_argilla else label_studio.read(rows)
    return labels_of(found, guideline, renamed, path)


def _json_list(path: Path) -> list[Mapping[str, Any]]:
    try:
        rows = json.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError) as error:
        raise ArtifactError(f"{path} cannot be read as JSON: {error}") from error
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise ArtifactError(f"{path} holds no list of tasks or records")
    return rows


def _write_json(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    # ASCII: escapes hold every character, lone surrogates too
    path.write_text(json.dumps(rows, indent=1, ensure_ascii=True) + "\n", "ascii")
