"""The run's database: every reply as it arrives, and the records that stages derive from them.

Exchanges are what was paid for and are never thrown away by a stage; the other tables are derived
from them and rewritten whenever their stage runs.
"""

import json
import sqlite3
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from temper import schema
from temper.errors import StoreError
from temper.records import (
    Attempt,
    Candidate,
    Finding,
    Guideline,
    Label,
    Rate,
    Reply,
    Request,
    Sample,
    Verdict,
)


class Store:
    """One process writes through it; others may read the file at any time.

    Args:
        path: the database file; created when missing.
        max_megabytes: refuse to grow beyond this; None is no limit but the disk.

    Raises:
        StoreError: the file is no temper database, is of a newer temper, or cannot be written.
    """

    def __init__(self, path: Path, *, max_megabytes: float | None = None) -> None:
        self.path = path
        with self._translated():
            self._db = sqlite3.connect(path, timeout=30, isolation_level=None)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            if max_megabytes is not None:
                (page_size,) = self._db.execute("PRAGMA page_size").fetchone()
                pages = max(1, int(max_megabytes * 1e6 / page_size))
                self._db.execute(f"PRAGMA max_page_count = {pages}")
            schema.migrate(self._db, path)

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
        self._db.close()

    def take(self, other: sqlite3.Connection, path: Path) -> None:
        """Take over all that another database holds."""
        other.backup(self._db)
        schema.migrate(self._db, path)

    @contextmanager
    def transaction(self) -> Generator[None]:
        """All or nothing, also when the process is killed inside."""
        with self._translated():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    # exchanges: what was asked and what came back

    def replies(self, exchange_ids: Sequence[str]) -> dict[str, Reply]:
        """The stored replies among these ids; `request_id` is the exchange's id."""
        found: dict[str, Reply] = {}
        for start in range(0, len(exchange_ids), 500):
            part = exchange_ids[start : start + 500]
            marks = ",".join("?" * len(part))
            rows = self._rows(f"SELECT * FROM exchanges WHERE id IN ({marks})", part)
            found.update((row["id"], _reply(row)) for row in rows)
        return found

    def add_replies(self, stage: str, role: str, pairs: Iterable[tuple[Request, Reply]]) -> None:
        """Keep replies, all in one transaction; a failed one may be replaced by a later try."""
        rows = [_exchange_row(stage, role, request, reply) for request, reply in pairs]
        with self.transaction():
            self._insert("exchanges", rows, "OR REPLACE")

    def spent(self) -> list[dict[str, Any]]:
        """Queries, tokens and seconds by stage and role."""
        return self._rows(
            "SELECT stage, role, count(*) AS queries, sum(tokens_in + tokens_out) AS tokens,"
            " sum(tokens_in) AS tokens_in, sum(tokens_out) AS tokens_out,"
            " sum(seconds) AS seconds, sum(finish = 'error') AS errors"
            " FROM exchanges GROUP BY stage, role ORDER BY stage, role"
        )

    def sizes(self) -> list[dict[str, Any]]:
        """Of each exchange: stage, role, characters of the prompt, tokens in and out."""
        return self._rows(
            "SELECT stage, role, length(prompt) AS characters, tokens_in, tokens_out FROM exchanges"
        )

    def empty_replies(self, role: str) -> tuple[int, int]:
        """How many texts of a role are empty, and how many there are; errors are neither."""
        (row,) = self._rows(
            "SELECT coalesce(sum(trim(response) = ''), 0) AS empty, count(*) AS every"
            " FROM exchanges WHERE role = ? AND response IS NOT NULL",
            (role,),
        )
        return row["empty"], row["every"]

    def forget(self, stage: str) -> None:
        """Drop the exchanges of a stage and of its parts ("search" drops "search/pirs" too)."""
        with self.transaction():
            pattern = stage.replace("_", r"\_") + "/%"
            self._db.execute(
                r"DELETE FROM exchanges WHERE stage = ? OR stage LIKE ? ESCAPE '\'",
                (stage, pattern),
            )

    # stages

    def stage_inputs(self) -> dict[str, dict[str, Any]]:
        """For each stage that has run: the settings that decide its result."""
        rows = self._rows("SELECT name, inputs FROM stages")
        return {row["name"]: json.loads(row["inputs"]) for row in rows}

    def set_stage(self, name: str, inputs: Mapping[str, Any], status: str) -> None:
        with self.transaction():
            self._insert(
                "stages",
                [{"name": name, "inputs": json.dumps(inputs, sort_keys=True), "status": status}],
                "OR REPLACE",
            )

    def stage_status(self) -> dict[str, str]:
        return {row["name"]: row["status"] for row in self._rows("SELECT name, status FROM stages")}

    # derived records

    def clear(self, *tables: str) -> None:
        with self.transaction():
            for table in tables:
                self._db.execute(f"DELETE FROM {schema.DERIVED[table]}")

    def add_candidates(self, candidates: Iterable[Candidate]) -> None:
        with self.transaction():
            self._insert("attacks", [_candidate_row(item) for item in candidates], "OR REPLACE")

    def candidates(self) -> list[dict[str, Any]]:
        return self._rows("SELECT * FROM attacks ORDER BY attacker, seed, place")

    def add_attempts(self, attempts: Iterable[Attempt], verdicts: Iterable[Verdict]) -> None:
        """Attempts and their verdicts belong together, so they are kept together."""
        with self.transaction():
            self._insert("attempts", [_flat(item) for item in attempts], "OR REPLACE")
            self._insert("verdicts", [_flat(item) for item in verdicts], "OR REPLACE")

    def add_judged(self, judged: Iterable[tuple[Attempt, Sequence[Verdict]]]) -> None:
        pairs = list(judged)
        self.add_attempts(
            [attempt for attempt, _ in pairs],
            [verdict for _, verdicts in pairs for verdict in verdicts],
        )

    def judged_attempts(self) -> list[dict[str, Any]]:
        """One row for each attempt and measure, with attack, prompt and response, in order.

        Of an attack that was proposed more than once, the accepted or else the first copy counts.
        """
        return self._rows(
            "SELECT attempts.*, verdicts.measure, verdicts.outcome, verdicts.reason,"
            " verdicts.parsed, attacks.text AS attack_text, attacks.void, attacks.round,"
            " attacks.operator, attacks.queries, exchanges.prompt, exchanges.response"
            " FROM attempts JOIN verdicts ON verdicts.subject_id = attempts.id"
            " JOIN exchanges ON exchanges.id = attempts.exchange_id"
            " LEFT JOIN (SELECT *, row_number() OVER (PARTITION BY id, attacker"
            " ORDER BY accepted DESC, void DESC, place) AS copy FROM attacks) AS attacks"
            " ON attacks.id = attempts.attack_id AND attacks.attacker = attempts.attacker"
            " AND attacks.copy = 1"
            " ORDER BY attempts.id, verdicts.measure"
        )

    def add_samples(self, samples: Iterable[Sample]) -> None:
        with self.transaction():
            self._insert("samples", [_flat(item) for item in samples], "OR REPLACE")

    def samples(self, *, chosen: bool = False) -> list[Sample]:
        """The explored texts in the order in which they were drawn, or the diverse subset only."""
        only = "WHERE chosen" if chosen else ""
        rows = self._rows(f"SELECT * FROM samples {only} ORDER BY rowid")
        return [_sample(row) for row in rows]

    def judged_exchanges(self, stage: str) -> list[dict[str, Any]]:
        """One row for each verdict on an exchange itself, of the stages that begin so."""
        return self._rows(
            "SELECT exchanges.stage, exchanges.prompt, exchanges.response, verdicts.*"
            " FROM verdicts JOIN exchanges ON exchanges.id = verdicts.subject_id"
            " WHERE substr(exchanges.stage, 1, ?) = ? ORDER BY exchanges.stage, exchanges.id",
            (len(stage), stage),
        )

    def add_findings(self, findings: Iterable[Finding]) -> None:
        with self.transaction():
            self._insert("findings", [_flat(item) for item in findings], "OR REPLACE")

    def findings(self) -> list[dict[str, Any]]:
        return self._rows("SELECT * FROM findings ORDER BY attacker, score DESC, attack_id")

    def add_rates(self, rates: Iterable[Rate]) -> None:
        rows = [
            {"place": place, "name": rate.name, "figure": json.dumps(rate.to_json())}
            for place, rate in enumerate(rates)
        ]
        with self.transaction():
            self._insert("figures", rows, "OR REPLACE")

    def figures(self) -> list[dict[str, Any]]:
        rows = self._rows("SELECT figure FROM figures ORDER BY place")
        return [json.loads(row["figure"]) for row in rows]

    # labels: what was decided by whom; never thrown away either

    def add_guideline(self, guideline: Guideline) -> None:
        content = json.dumps(guideline.to_json(), sort_keys=True)
        with self.transaction():
            self._insert(
                "guidelines", [{"version": guideline.version, "content": content}], "OR IGNORE"
            )

    def guidelines(self) -> list[Guideline]:
        """Every version, the newest last."""
        rows = self._rows("SELECT content FROM guidelines ORDER BY rowid")
        return [Guideline.from_json(json.loads(row["content"])) for row in rows]

    def add_labels(self, labels: Iterable[Label]) -> int:
        """Keep labels, each behind its annotator's earlier ones of the item.

        Returns:
            How many are new; what an annotator says once more in the same words is none.
        """
        with self.transaction():
            known = {_label_key(label): label for label in self.labels()}
            rows: list[dict[str, Any]] = []
            for label in labels:
                before = known.get(_label_key(label))
                if before and (before.value, before.note) == (label.value, label.note):
                    continue
                label = replace(label, order=before.order + 1 if before else 0)
                known[_label_key(label)] = label
                row = _flat(label)
                row["place"] = row.pop("order")
                rows.append(row)
            self._insert("labels", rows)
        return len(rows)

    def labels(self, guideline: str | None = None) -> list[Label]:
        """The label that counts of every item, annotator and guideline, in order of arrival."""
        rows = self._rows(
            "SELECT *, max(place) FROM labels WHERE guideline = ? OR ? IS NULL"
            " GROUP BY item_id, annotator, guideline ORDER BY rowid",
            (guideline, guideline),
        )
        return [_label(row) for row in rows]

    def _rows(self, query: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
        with self._translated():
            cursor = self._db.execute(query, values)
            names = [column[0] for column in cursor.description]
            return [
                {name: _unpack(value) for name, value in zip(names, row, strict=True)}
                for row in cursor
            ]

    def _insert(self, table: str, rows: Sequence[Mapping[str, Any]], conflict: str = "") -> None:
        if not rows:
            return
        names = list(rows[0])
        marks = ",".join("?" * len(names))
        self._db.executemany(
            f"INSERT {conflict} INTO {table} ({','.join(names)}) VALUES ({marks})",
            ([_pack(row[name]) for name in names] for row in rows),
        )

    @contextmanager
    def _translated(self) -> Generator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise StoreError(f"{self.path}: {error}. {_advice(error)}") from error


@contextmanager
def read_only(path: Path) -> Generator[Store]:
    """A copy of a database in memory, in this temper's format: the file itself is never touched.

    Raises:
        StoreError: the file is missing, no temper database, or of a newer temper.
    """
    store = Store(Path(":memory:"))
    try:
        file = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        with closing(file):
            store.take(file, path)
    except sqlite3.Error as error:
        raise StoreError(f"{path}: {error}. {_advice(error)}") from error
    with store:
        yield store


def _advice(error: sqlite3.Error) -> str:
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


def _pack(value: Any) -> Any:
    """Keep text as text; what UTF-8 cannot hold (lone surrogates) as bytes that give it back."""
    if isinstance(value, str):
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            return value.encode("utf-8", "surrogatepass")
    elif isinstance(value, tuple | list):
        return json.dumps(value)
    return value


def _unpack(value: Any) -> Any:
    return value.decode("utf-8", "surrogatepass") if isinstance(value, bytes) else value


def _flat(record: Any) -> dict[str, Any]:
    """A record's fields as columns, its id among them."""
    row = {name: getattr(record, name) for name in record.__slots__}
    if isinstance(getattr(type(record), "id", None), property):
        row["id"] = record.id
    return row


def _exchange_row(stage: str, role: str, request: Request, reply: Reply) -> dict[str, Any]:
    decoding = request.decoding and {
        name: getattr(request.decoding, name) for name in request.decoding.__slots__
    }
    return {
        "id": request.id,
        "stage": stage,
        "role": role,
        "prompt": json.dumps(request.prompt.to_list(), ensure_ascii=False),
        "decoding": json.dumps(decoding),
        "answers": json.dumps(request.answers, ensure_ascii=False),
        "sample": request.sample,
        "response": reply.text,
        "logprobs": json.dumps(reply.logprobs),
        "finish": reply.finish,
        "error": reply.error,
        "tokens_in": reply.tokens_in,
        "tokens_out": reply.tokens_out,
        "seconds": reply.seconds,
    }


def _reply(row: Mapping[str, Any]) -> Reply:
    return Reply(
        request_id=row["id"],
        exchange_id=row["id"],
        text=row["response"],
        logprobs=tuple(json.loads(row["logprobs"])),
        finish=row["finish"],
        error=row["error"],
        tokens_in=row["tokens_in"],
        tokens_out=row["tokens_out"],
        seconds=row["seconds"],
    )


def _sample(row: Mapping[str, Any]) -> Sample:
    fields: dict[str, Any] = {name: row[name] for name in Sample.__slots__}
    fields["chosen"] = bool(row["chosen"])
    return Sample(**fields)


def _label_key(label: Label) -> tuple[str, str, str]:
    return label.item_id, label.annotator, label.guideline


def _label(row: dict[str, Any]) -> Label:
    names = [name for name in Label.__slots__ if name != "order"]
    given = {name: row[name] for name in names}
    given["skipped"] = bool(given["skipped"])
    if given["reference_seen"] is not None:
        given["reference_seen"] = bool(given["reference_seen"])
    return Label(**given, order=row["place"])


def _candidate_row(candidate: Candidate) -> dict[str, Any]:
    attack = candidate.attack
    return {
        "attacker": attack.attacker,
        "seed": attack.seed,
        "place": candidate.order,
        "id": attack.id,
        "text": attack.text,
        "operator": attack.operator,
        "problem": attack.problem,
        "message": attack.message,
        "round": attack.round,
        "parents": attack.parents,
        "accepted": candidate.accepted,
        "reason": candidate.reason,
        "score": candidate.score,
        "queries": candidate.queries,
        "void": candidate.void,
    }
