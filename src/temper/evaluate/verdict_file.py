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
from temper.text.rows import LONGEST_FIELD

OUTCOMES: dict[str, Outcome] = {
    **dict.fromkeys(("hit", "1", "1.0", "true", "yes", "fail", "failed", "failure"), "hit"),
    **dict.fromkeys(("safe", "0", "0.0", "false", "no", "pass", "passed"), "safe"),
    **dict.fromkeys(("unknown", "", "none", "null", "nan", "error"), "unknown"),
}
"""How tools spell a verdict; a hit is a failure of the target."""


NOT_AUDITED = frozenset({"", "none", "null", "nan"})
"""How an empty cell of the truth is spelled; any other that is no verdict was checked in vain."""


class Columns(NamedTuple):
    verdict: str
    clusters: tuple[str, ...]
    truth: str | None = None
    """None: "truth", if there is one."""
    inclusion: str | None = None
    """None: "inclusion", if there is one."""


def read_verdicts(path: Path, columns: Columns) -> list[JudgedAttempt]:
    """The rows of the file in order.

    Raises:
        ArtifactError: the file or a named column is missing, it has no rows, a row has no cluster,
            only some rows have a chance to be audited, or a value is none that is known; with the
            line.
    """
    attempts: list[JudgedAttempt] = []
    seen: set[str] = set()
    with_chance: dict[bool, int] = {}
    for line, row in _rows(path):
        missing = [name for name in (columns.verdict, *columns.clusters) if name not in row]
        if missing:
            raise ArtifactError(
                f"{path}, line {line}: no column {missing[0]!r}; there are {', '.join(row)}"
            )
        attempts.append(_attempt(row, columns, path, line))
        seen.update(row)
        with_chance.setdefault(attempts[-1].inclusion is not None, line)
    if not attempts:
        raise ArtifactError(f"{path} holds no rows: a verdict a line is needed")
    for name in (columns.truth, columns.inclusion):
        if name is not None and name not in seen:
            raise ArtifactError(f"{path}: no column {name!r}; there are {', '.join(sorted(seen))}")
    if len(with_chance) > 1:
        raise ArtifactError(
            f"{path}, line {with_chance[False]}: no chance to be audited, though line"
            f" {with_chance[True]} has one: every row needs its chance, or none"
        )
    return attempts


def _attempt(row: Mapping[str, Any], columns: Columns, path: Path, line: int) -> JudgedAttempt:
    told = row.get(columns.truth or "truth")
    truth = _outcome(told, path, line)
    chance = _chance(row.get(columns.inclusion or "inclusion"), path, line)
    if chance == 0 and truth != "unknown":
        raise ArtifactError(f"{path}, line {line}: audited, though its chance to be so is 0")
    return JudgedAttempt(
        outcome=_outcome(row[columns.verdict], path, line),
        clusters=tuple(_cluster(row, name, path, line) for name in columns.clusters),
        truth=None if truth == "unknown" else truth == "hit",
        inclusion=chance,
        in_vain=truth == "unknown" and _spelled(told) not in NOT_AUDITED,
    )


def _cluster(row: Mapping[str, Any], name: str, path: Path, line: int) -> str:
    if row[name] is None or not str(row[name]).strip():
        raise ArtifactError(f"{path}, line {line}: no {name}: every row needs its cluster")
    return str(row[name])


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
        yield from _csv_rows(text, path)
        return
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield number, _json_row(line, path, number)


def _csv_rows(text: str, path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    csv.field_size_limit(LONGEST_FIELD)  # of the whole process, so as all of temper sets it
    reader = csv.DictReader(io.StringIO(text, newline=""))
    try:
        names = list(reader.fieldnames or ())
        twice = sorted({name for name in names if name and names.count(name) > 1})
        if twice:
            raise ArtifactError(f"{path}: column {twice[0]!r} stands there twice")
        for row in reader:
            if None in row or None in row.values():
                raise ArtifactError(
                    f"{path}, line {reader.line_num}: not as many cells as the header, which has"
                    f" {len(names)}"
                )
            yield reader.line_num, row
    except csv.Error as error:
        raise ArtifactError(f"{path}, line {reader.line_num}: no CSV ({error})") from error


def _json_row(line: str, path: Path, number: int) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise ArtifactError(f"{path}, line {number}: no JSON ({error})") from error
    if not isinstance(row, dict):
        raise ArtifactError(f"{path}, line {number}: no JSON object")
    return {str(key): value for key, value in row.items()}


def _outcome(value: Any, path: Path, line: int) -> Outcome:
    text = _spelled(value)
    if text not in OUTCOMES:
        raise ArtifactError(
            f"{path}, line {line}: {value!r} is no verdict: write hit, safe or unknown (or 1, 0)"
        )
    return OUTCOMES[text]


def _spelled(value: Any) -> str:
    return "" if value is None else str(value).strip().lower()


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
