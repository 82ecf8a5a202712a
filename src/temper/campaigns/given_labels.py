"""`temper label-with file`: labels that were given elsewhere, taken over into a run."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from temper.campaigns.labelling import Labelling, open_labels
from temper.config import ConcernConfig
from temper.establish.labels import Given, import_labels
from temper.text.rows import read_rows, text_of, value_of


class Columns(NamedTuple):
    """Where a table keeps what."""

    text: str
    label: str
    annotator: str | None = None
    """None: all labels are by one annotator, named for the file."""


def label_from_file(
    folder: Path,
    concern: ConcernConfig | None,
    path: Path,
    columns: Columns,
    renamed: Mapping[str, str],
    annotator: str | None,
) -> Labelling:
    """Take over the labels of a table: CSV, JSONL, parquet or a data-set folder."""
    rows = given_rows(path, columns, annotator or path.stem)
    return label_from_rows(folder, concern, rows, renamed)


def given_rows(path: Path, columns: Columns, annotator: str) -> Iterator[Given]:
    """The rows of a table; `annotator` gave the labels where no column says who did."""
    for row in read_rows(path):
        by = text_of(value_of(row, columns.annotator, path)) if columns.annotator else annotator
        text, label = (value_of(row, name, path) for name in (columns.text, columns.label))
        yield Given(text_of(text), text_of(label), by)


def label_from_rows(
    folder: Path, concern: ConcernConfig | None, rows: Iterable[Given], renamed: Mapping[str, str]
) -> Labelling:
    """Take over labels that were given elsewhere."""
    with open_labels(folder, concern) as (store, guideline):
        labels = import_labels(rows, guideline, renamed)
        return Labelling(store.add_labels(labels), len(labels))
