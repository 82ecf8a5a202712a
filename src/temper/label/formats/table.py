"""Labels as a table, one a row: CSV, JSON lines, parquet."""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from temper.errors import ArtifactError
from temper.label.formats.given import GivenLabel
from temper.records import Label
from temper.text.rows import read_rows, value_of

COLUMNS: tuple[str, ...] = (
    "item_id",
    "text",
    "prompt",
    "label",
    "annotator",
    "kind",
    "guideline",
    "seconds",
    "note",
    "skipped",
    "reference_seen",
)


def rows(labels: Sequence[Label], prompts: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "item_id": label.item_id,
            "text": label.text,
            "prompt": prompts.get(label.item_id, ""),
            "label": label.value,
            "annotator": label.annotator,
            "kind": label.kind,
            "guideline": label.guideline,
            "seconds": label.seconds,
            "note": label.note,
            "skipped": label.skipped,
            "reference_seen": label.reference_seen,
        }
        for label in labels
    ]


def write(path: Path, kind: str, rows: Sequence[Mapping[str, Any]]) -> int:
    """Write a table.

    Returns:
        How many rows have text that CSV and parquet cannot hold (lone surrogates, which JSON lines
        keep): there a replacement character stands.

    Raises:
        ArtifactError: parquet without pyarrow.
    """
    if kind == "jsonl":
        lines = (json.dumps(row, ensure_ascii=True) for row in rows)
        path.write_text("".join(f"{line}\n" for line in lines), "ascii")
        return 0
    held = [{name: _held(value) for name, value in row.items()} for row in rows]
    if kind == "csv":
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, COLUMNS, quoting=csv.QUOTE_ALL)
            writer.writeheader()
            writer.writerows(held)
    else:
        _write_parquet(path, held)
    return sum(one != dict(row) for one, row in zip(held, rows, strict=True))


def read(path: Path) -> Iterator[GivenLabel]:
    """Rows of a table with the columns text and label; the others may be missing."""
    for row in read_rows(path):
        yield GivenLabel(
            text=str(value_of(row, "text", path)),
            value=str(value_of(row, "label", path) or ""),
            annotator=str(row.get("annotator") or path.stem),
            item_id=str(row.get("item_id") or ""),
            kind=str(row.get("kind") or "import"),
            seconds=float(row["seconds"]) if row.get("seconds") not in (None, "") else None,
            note=str(row.get("note") or ""),
            skipped=_flag(row.get("skipped")) is True,
            reference_seen=_flag(row.get("reference_seen")),
        )


def _flag(value: Any) -> bool | None:
    return {"true": True, "1": True, "false": False, "0": False}.get(str(value).lower())


def _held(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    return value


def _write_parquet(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    try:
        import pyarrow as arrow
        import pyarrow.parquet as parquet
    except ImportError as error:
        raise ArtifactError(
            f"{path}: parquet needs pyarrow: pip install 'temper-lm[local]'"
        ) from error
    kinds = {"seconds": arrow.float64(), "skipped": arrow.bool_(), "reference_seen": arrow.bool_()}
    schema = arrow.schema([(name, kinds.get(name, arrow.string())) for name in COLUMNS])
    parquet.write_table(arrow.Table.from_pylist(list(rows), schema=schema), path)
