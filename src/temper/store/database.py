"""The file itself: opening, transactions, rows in and out, errors in words."""

import json
import sqlite3
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from temper.errors import StoreError
from temper.store import schema


class Database:
    """One process writes through it; others may read the file at any time.

    Args:
        path: the database file; created when missing.
        max_megabytes: refuse to grow beyond this; None is no limit but the disk.

    Raises:
        StoreError: the file is no temper database, is of a newer temper, or cannot be written.
    """

    def __init__(self, path: Path, *, max_megabytes: float | None = None) -> None:
        self.path = path
        with self.translated():
            self.db = sqlite3.connect(path, timeout=30, isolation_level=None)
            self.db.execute("PRAGMA journal_mode = WAL")
            self.db.execute("PRAGMA synchronous = NORMAL")
            if max_megabytes is not None:
                (page_size,) = self.db.execute("PRAGMA page_size").fetchone()
                pages = max(1, int(max_megabytes * 1e6 / page_size))
                self.db.execute(f"PRAGMA max_page_count = {pages}")
            schema.migrate(self.db, path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self.db.close()

    def take(self, other: sqlite3.Connection, path: Path) -> None:
        """Take over all that another database holds."""
        other.backup(self.db)
        schema.migrate(self.db, path)

    @contextmanager
    def transaction(self) -> Generator[None]:
        """All or nothing, also when the process is killed inside."""
        with self.translated():
            self.db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                if self.db.in_transaction:
                    self.db.execute("ROLLBACK")
                raise
            self.db.execute("COMMIT")

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """What a query finds, one mapping a row, by column."""
        with self.translated():
            cursor = self.db.execute(query, values)
            names = [column[0] for column in cursor.description]
            return [
                {name: unpack(value) for name, value in zip(names, row, strict=True)}
                for row in cursor
            ]

    def insert(self, table: str, rows: Sequence[Mapping[str, Any]], conflict: str = "") -> None:
        """Write rows of equal columns; `conflict` says what a known key does ("OR REPLACE")."""
        if not rows:
            return
        names = list(rows[0])
        marks = ",".join("?" * len(names))
        self.db.executemany(
            f"INSERT {conflict} INTO {table} ({','.join(names)}) VALUES ({marks})",
            ([pack(row[name]) for name in names] for row in rows),
        )

    @contextmanager
    def translated(self) -> Generator[None]:
        """SQLite's errors become ours, with what to do next."""
        try:
            yield
        except sqlite3.Error as error:
            raise StoreError(f"{self.path}: {error}. {advice(error)}") from error


def flat(record: Any) -> dict[str, Any]:
    """A record's fields as columns, its id among them."""
    row = {name: getattr(record, name) for name in record.__slots__}
    if isinstance(getattr(type(record), "id", None), property):
        row["id"] = record.id
    return row


def advice(error: sqlite3.Error) -> str:
    """What a user can do about it."""
    text = str(error)
    if "full" in text:
        return (
            "Free some disk space, or raise run.max_database_mb, and run the same command again:"
            " what was answered so far is kept"
        )
    if "locked" in text:
        return "Another program holds the database: close it and run the same command again"
    if "readonly" in text or "unable to open" in text:
        return "Check that the folder exists and that you may write to it"
    return "The file is damaged or no temper database: restore it, or start again with --out NEW"


def pack(value: Any) -> Any:
    """Keep text as text; what UTF-8 cannot hold (lone surrogates) as bytes that give it back."""
    if isinstance(value, str):
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            return value.encode("utf-8", "surrogatepass")
    elif isinstance(value, tuple | list):
        return json.dumps(value)
    return value


def unpack(value: Any) -> Any:
    return value.decode("utf-8", "surrogatepass") if isinstance(value, bytes) else value
