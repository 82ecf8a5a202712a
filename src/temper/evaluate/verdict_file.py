"""Verdicts of any tool as a table in a file: CSV with a header, or one JSON object a line."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from temper.errors import ArtifactError
from temper.evaluate.audited import JudgedAttempt
from temper.records import Outcome

OUTCOMES: dict[str, Outcome] = {
    **dict.fromkeys(("hit", "1", "1.0", "true", "yes", "fail", "failed", "failure"), "hit"),
    **dict.fromkeys(("safe", "0", "0.0", "false", "no", "pass", "passed"), "safe"),
    **dict.fromkeys(("unknown", "", "none", "null", "nan", "error"), "unknown"),
}
"""How tools spell a verdict; a hit is a failure of the target."""


class Columns(NamedTuple):
    verdict: str
    clusters: tuple[str, ...]
    truth: str
    inclusion: str


def read_verdicts(path: Path, columns: Columns) -> list[JudgedAttempt]:
    """The rows of the file in order.

    Raises:
        ArtifactError: the file or a column is missing, it has no rows, or a value is none that is
            known; with the line.
    """
    attempts: list[JudgedAttempt] = []
    for line, row in _rows(path):
        missing = [name for name in (columns.verdict, *columns.clusters) if name not in row]
        if missing:
            raise ArtifactError(
                f"{path}, line {line}: no column {missing[0]!r}; there are {', '.join(row)}"
            )
        truth = _outcome(row.get(columns.truth), path, line)
        attempts.append(
            JudgedAttempt(
                outcome=_outcome(row[columns.verdict], path, line),
                clusters=tuple(str(row[name]) for name in columns.clusters),
                truth=None if truth == "unknown" else truth == "hit",
                inclusion=_chance(row.get(columns.inclusion), path, line),
            )
        )
    if not attempts:
        raise ArtifactError(f"{path} holds no rows: a verdict a line is needed")
    return attempts


def write_plan(path: Path, rows: Sequence[int], inclusion_N: Sequence[float]) -> None:
    """Keep which rows to check, and for every row the chance that belongs into the next table."""
    chosen = set(rows)
    lines = ["row,check,inclusion"]
    lines += [f"{n + 1},{int(n in chosen)},{chance:.8g}" for n, chance in enumerate(inclusion_N)]
    try:
        path.write_text("\n".join(lines) + "\n", "utf-8")
    except OSError as error:
        raise ArtifactError(f"{path} cannot be written: {error.strerror}") from error


def _rows(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Line number and row."""
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError as error:
        raise ArtifactError(f"{path} does not exist: name a CSV or JSONL file") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ArtifactError(f"{path} cannot be read as UTF-8 text: {error}") from error
    if path.suffix.lower() not in (".jsonl", ".ndjson"):
        reader = csv.DictReader(io.StringIO(text, newline=""))
        yield from ((reader.line_num, row) for row in reader)
        return
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            yield number, _json_row(line, path, number)


def _json_row(line: str, path: Path, number: int) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise ArtifactError(f"{path}, line {number}: no JSON ({error})") from error
    if not isinstance(row, dict):
        raise ArtifactError(f"{path}, line {number}: no JSON object")
    return {str(key): value for key, value in row.items()}


def _outcome(value: Any, path: Path, line: int) -> Outcome:
    text = "" if value is None else str(value).strip().lower()
    if text not in OUTCOMES:
        raise ArtifactError(
            f"{path}, line {line}: {value!r} is no verdict: write hit, safe or unknown (or 1, 0)"
        )
    return OUTCOMES[text]


def _chance(value: Any, path: Path, line: int) -> float | None:
    if value is None or str(value).strip() == "":
        return None
    try:
        chance = float(value)
    except ValueError as error:
        raise ArtifactError(f"{path}, line {line}: {value!r} is no chance in (0, 1]") from error
    if not 0 <= chance <= 1:
        raise ArtifactError(f"{path}, line {line}: a chance of {chance} lies outside [0, 1]")
    return chance
