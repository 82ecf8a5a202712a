"""Rows of a table that a user brings: CSV, JSON lines, parquet, or a data-set folder."""

import csv
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from temper.errors import ArtifactError

Row = Mapping[str, Any]
LONGEST_FIELD = 2**24


def read_rows(path: Path) -> Iterator[Row]:
    """Every row as a mapping from column to value, in the file's order.

    Args:
        path: .csv or .tsv (first line: names), .jsonl or .json lines, .parquet, a folder that the
            datasets library saved, or a folder of such files.

    Raises:
        ArtifactError: no such file, another format, mixed encodings, or a broken line; the message
            names the line.
    """
    if not path.exists():
        raise ArtifactError(f"{path} does not exist: name a CSV, JSONL or parquet file")
    if path.is_dir():
        yield from _folder_rows(path)
    elif path.suffix in (".csv", ".tsv"):
        yield from _csv_rows(path)
    elif path.suffix in (".jsonl", ".json", ".ndjson"):
        yield from _json_rows(path)
    elif path.suffix == ".parquet":
        yield from _parquet_rows(path)
    else:
        raise ArtifactError(
            f"{path} is of a kind that cannot be read: bring .csv, .tsv, .jsonl or .parquet"
        )


def value_of(row: Row, column: str, path: Path) -> Any:
    """One field.

    Raises:
        ArtifactError: there is no such column; the message lists those there are.
    """
    try:
        return row[column]
    except KeyError:
        names = ", ".join(map(repr, row))
        raise ArtifactError(f"{path} has no column {column!r}; its columns are {names}") from None


def text_of(value: Any) -> str:
    """A field as text: booleans as "true" and "false", nothing as ""."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value).strip()


def _lines(path: Path) -> Iterator[str]:
    """Decoded lines with their ends; a byte-order mark is dropped."""
    with path.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            try:
                yield line.decode("utf-8-sig" if number == 1 else "utf-8")
            except UnicodeDecodeError as error:
                raise ArtifactError(
                    f"{path}, line {number}: not UTF-8 ({error.reason}); the file mixes encodings"
                    " or is in another one: save it as UTF-8"
                ) from error


def _csv_rows(path: Path) -> Iterator[Row]:
    csv.field_size_limit(LONGEST_FIELD)
    reader = csv.DictReader(_lines(path), delimiter="\t" if path.suffix == ".tsv" else ",")
    try:
        for row in reader:
            if None in row or None in row.values():
                raise ArtifactError(
                    f"{path}, line {reader.line_num}: another number of fields than the first"
                    " line has names: quote fields that contain the separator"
                )
            yield row
    except csv.Error as error:
        raise ArtifactError(f"{path}, line {reader.line_num}: no CSV ({error})") from error


def _json_rows(path: Path) -> Iterator[Row]:
    for number, line in enumerate(_lines(path), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise ArtifactError(f"{path}, line {number}: no JSON ({error})") from error
        if not isinstance(row, dict):
            raise ArtifactError(f"{path}, line {number}: no JSON object, one a line is expected")
        yield row


def _parquet_rows(path: Path) -> Iterator[Row]:
    try:
        import pyarrow.parquet as parquet
    except ImportError as error:
        raise ArtifactError(
            f"{path}: parquet needs pyarrow: pip install 'temper-lm[local]'"
        ) from error
    try:
        for batch in parquet.ParquetFile(path).iter_batches():
            yield from batch.to_pylist()
    except (OSError, ValueError) as error:
        raise ArtifactError(f"{path} cannot be read as parquet: {error}") from error


def _folder_rows(path: Path) -> Iterator[Row]:
    if (path / "state.json").exists() or (path / "dataset_dict.json").exists():
        yield from _saved_data_set(path)
        return
    files = sorted(
        file for end in ("csv", "tsv", "jsonl", "parquet") for file in path.rglob(f"*.{end}")
    )
    if not files:
        raise ArtifactError(f"{path} holds no .csv, .tsv, .jsonl or .parquet file")
    for file in files:
        yield from read_rows(file)


def _saved_data_set(path: Path) -> Iterator[Row]:
    try:
        import datasets
    except ImportError as error:
        raise ArtifactError(
            f"{path}: a saved data set needs datasets: pip install 'temper-lm[local]'"
        ) from error
    try:
        loaded = datasets.load_from_disk(str(path))
    except (OSError, ValueError) as error:
        raise ArtifactError(f"{path} cannot be read as a saved data set: {error}") from error
    parts = list(loaded.values()) if isinstance(loaded, datasets.DatasetDict) else [loaded]
    for part in parts:
        for row in part:
            yield dict(row)
