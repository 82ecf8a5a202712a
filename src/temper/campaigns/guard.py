"""`temper guard`: a saved measure as a filter of a stream of texts."""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, Literal, NamedTuple, cast

from temper.campaigns.vectors import open_vectors
from temper.errors import ArtifactError
from temper.establish.measure import Judgement, LearnedMeasure
from temper.establish.saved import MEASURE, load_measure
from temper.run_folder import run_path

Keep = Literal["all", "safe", "hit", "unknown"]
BATCH = 512
"""Lines judged at once: a stream comes out this many lines behind."""


class Passed(NamedTuple):
    """One line of the stream with what the measure says of it."""

    row: Mapping[str, Any]
    judgement: Judgement


def measure_folder(name: str | Path) -> Path:
    """A measure by its folder, or by the run that it was learned in.

    Raises:
        ArtifactError: neither.
    """
    path = run_path(name)
    for folder in (path, path / "measure"):
        if (folder / MEASURE).exists():
            return folder
    raise ArtifactError(f"{path} holds no measure: make one with `temper establish`")


def open_measure(name: str | Path, model: str | None = None) -> LearnedMeasure:
    """Load a measure and the model that it judges by.

    Args:
        name: of a run or of a measure's folder.
        model: where that model is now, if not where it was in training.

    Raises:
        ArtifactError, MeasureError, TargetError: it, or its model, cannot be used.
    """
    return load_measure(measure_folder(name), lambda origin: open_vectors(origin, model))


def read_stream(lines: Iterable[bytes], column: str) -> Iterator[Mapping[str, Any]]:
    """JSON lines with a text in `column`; a line that is a JSON string is the text itself.

    Raises:
        ArtifactError: a line is neither; the message names it.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
        except UnicodeDecodeError as error:
            raise ArtifactError(f"input, line {number}: not UTF-8 ({error.reason})") from error
        except ValueError as error:
            raise ArtifactError(f"input, line {number}: no JSON ({error})") from error
        row = {column: row} if isinstance(row, str) else row
        if not isinstance(row, dict) or not isinstance(row.get(column), str):
            raise ArtifactError(f"input, line {number}: {_missing(row, column)}")
        yield row


def _missing(row: object, column: str) -> str:
    if not isinstance(row, dict):
        return f"a JSON {type(row).__name__} is no text and has no columns"
    if column in row:
        return f"column {column!r} holds {json.dumps(row[column])[:60]}, which is no text"
    names = ", ".join(map(repr, cast(dict[str, Any], row)))
    return f"no text in column {column!r} (there is {names}): name the column with --text"


def guard(
    measure: LearnedMeasure, rows: Iterable[Mapping[str, Any]], column: str
) -> Iterator[Passed]:
    """Judge every row, in order."""
    stream = iter(rows)
    while part := list(islice(stream, BATCH)):
        judgements = measure.judge([row[column] for row in part])
        yield from (Passed(*pair) for pair in zip(part, judgements, strict=True))


def guarded_line(passed: Passed) -> str:
    """The row as JSON; a half of a surrogate pair, which UTF-8 has no bytes for, stays escaped."""
    line = json.dumps(guarded_row(passed), ensure_ascii=False)
    return line if _is_unicode(line) else json.dumps(guarded_row(passed))


def _is_unicode(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


def guarded_row(passed: Passed) -> dict[str, Any]:
    """The row with P(failure), outcome and label beside what it had."""
    judgement = passed.judgement
    value = None if judgement.value is None else round(judgement.value, 6)
    return {
        **passed.row,
        "p_failure": value,
        "outcome": judgement.outcome,
        "label": judgement.label,
    }
