"""The tables and their versions (`PRAGMA user_version`); a new version appends a script."""

import sqlite3
from pathlib import Path

from temper.errors import StoreError

MIGRATIONS = (
    """
    CREATE TABLE stages (
        name TEXT PRIMARY KEY, inputs TEXT NOT NULL, status TEXT NOT NULL
    );
    CREATE TABLE exchanges (
        id TEXT PRIMARY KEY, stage TEXT NOT NULL, role TEXT NOT NULL, prompt TEXT NOT NULL,
        decoding TEXT, answers TEXT, sample INTEGER NOT NULL, response TEXT, logprobs TEXT,
        finish TEXT NOT NULL, error TEXT, tokens_in INTEGER, tokens_out INTEGER, seconds REAL
    );
    CREATE INDEX exchanges_by_stage ON exchanges (stage, role);
    CREATE TABLE attacks (
        attacker TEXT NOT NULL, seed INTEGER NOT NULL, place INTEGER NOT NULL, id TEXT NOT NULL,
        text TEXT NOT NULL, message TEXT NOT NULL, round INTEGER NOT NULL, parents TEXT NOT NULL,
        accepted INTEGER NOT NULL, reason TEXT NOT NULL, score REAL, queries INTEGER NOT NULL,
        void INTEGER NOT NULL, PRIMARY KEY (attacker, seed, place)
    );
    CREATE INDEX attacks_by_id ON attacks (id, attacker);
    CREATE TABLE attempts (
        id TEXT PRIMARY KEY, attack_id TEXT NOT NULL, attacker TEXT NOT NULL,
        exchange_id TEXT NOT NULL, problem TEXT NOT NULL, digits INTEGER NOT NULL,
        split TEXT NOT NULL, decoding TEXT NOT NULL, selection TEXT NOT NULL
    );
    CREATE TABLE verdicts (
        subject_id TEXT NOT NULL, measure TEXT NOT NULL, version TEXT NOT NULL, outcome TEXT NOT
        NULL, reason TEXT NOT NULL, value REAL, threshold REAL NOT NULL, parsed TEXT, inclusion
        REAL, PRIMARY KEY (subject_id, measure, version)
    );
    CREATE TABLE findings (
        attack_id TEXT NOT NULL, attacker TEXT NOT NULL, members TEXT NOT NULL, score REAL NOT NULL,
        PRIMARY KEY (attacker, attack_id)
    );
    CREATE TABLE figures (place INTEGER PRIMARY KEY, name TEXT NOT NULL, figure TEXT NOT NULL);
    """,
    """
    ALTER TABLE attacks ADD COLUMN operator TEXT NOT NULL DEFAULT '';
    ALTER TABLE attacks ADD COLUMN problem TEXT NOT NULL DEFAULT '';
    ALTER TABLE attempts ADD COLUMN target TEXT NOT NULL DEFAULT '';
    ALTER TABLE attempts ADD COLUMN source TEXT NOT NULL DEFAULT '';
    """,
    """
    CREATE TABLE samples (
        id TEXT PRIMARY KEY, exchange_id TEXT NOT NULL, text TEXT NOT NULL, prompt TEXT NOT NULL,
        source TEXT NOT NULL, round INTEGER NOT NULL, copies INTEGER NOT NULL, cluster INTEGER,
        chosen INTEGER NOT NULL, inclusion REAL
    );
    CREATE INDEX samples_by_cluster ON samples (cluster, chosen);
    """,
    """
    CREATE TABLE guidelines (version TEXT PRIMARY KEY, content TEXT NOT NULL);
    CREATE TABLE labels (
        item_id TEXT NOT NULL, text TEXT NOT NULL, value TEXT NOT NULL, annotator TEXT NOT NULL,
        kind TEXT NOT NULL, guideline TEXT NOT NULL, seconds REAL, note TEXT NOT NULL,
        skipped INTEGER NOT NULL, reference_seen INTEGER, place INTEGER NOT NULL,
        PRIMARY KEY (item_id, annotator, guideline, place)
    );
    """,
    """
    CREATE TABLE curves (
        attacker TEXT NOT NULL, seed INTEGER NOT NULL, step INTEGER NOT NULL, name TEXT NOT NULL,
        value REAL NOT NULL, PRIMARY KEY (attacker, seed, step, name)
    );
    """,
    """
    CREATE TABLE guideline_changes (
        place INTEGER PRIMARY KEY, version TEXT NOT NULL, previous TEXT NOT NULL, affected TEXT NOT
        NULL, author TEXT NOT NULL, at REAL NOT NULL
    );
    CREATE TABLE relabels (
        item_id TEXT NOT NULL, annotator TEXT NOT NULL, value TEXT NOT NULL,
        PRIMARY KEY (item_id, annotator)
    );
    CREATE TABLE proposals (
        place INTEGER PRIMARY KEY, label TEXT NOT NULL, definition TEXT NOT NULL, author TEXT NOT
        NULL, item_id TEXT NOT NULL, at REAL NOT NULL, state TEXT NOT NULL
    );
    CREATE TABLE annotators (
        name TEXT PRIMARY KEY, began REAL NOT NULL, noted REAL, tested REAL, token TEXT
    );
    CREATE TABLE sessions (
        id TEXT PRIMARY KEY, annotator TEXT NOT NULL, lead INTEGER NOT NULL, began REAL NOT NULL
    );
    CREATE TABLE queues (
        queue TEXT NOT NULL, place INTEGER NOT NULL, item_id TEXT NOT NULL, text TEXT NOT NULL,
        prompt TEXT NOT NULL, reference TEXT NOT NULL, taken INTEGER NOT NULL,
        PRIMARY KEY (queue, item_id)
    );
    CREATE INDEX queues_by_place ON queues (queue, place);
    CREATE INDEX queues_by_item ON queues (item_id);
    CREATE TABLE served (
        item_id TEXT NOT NULL, annotator TEXT NOT NULL, purpose TEXT NOT NULL, since REAL NOT NULL,
        done REAL, seconds REAL, reference_seen INTEGER NOT NULL, draft TEXT NOT NULL,
        PRIMARY KEY (item_id, annotator)
    );
    CREATE INDEX served_by_annotator ON served (annotator, done);
    CREATE TABLE gold (
        item_id TEXT PRIMARY KEY, place INTEGER NOT NULL, text TEXT NOT NULL, value TEXT NOT NULL
    );
    CREATE TABLE gold_answers (
        place INTEGER PRIMARY KEY, annotator TEXT NOT NULL, item_id TEXT NOT NULL, value TEXT NOT
        NULL, purpose TEXT NOT NULL, at REAL NOT NULL
    );
    CREATE TABLE audits (
        measure TEXT NOT NULL, subject_id TEXT NOT NULL, inclusion REAL NOT NULL,
        PRIMARY KEY (measure, subject_id)
    );
    """,
)

DERIVED = {
    name: name for name in ("attacks", "attempts", "verdicts", "findings", "figures", "samples")
}
"""Tables that a stage may empty and write anew."""


def migrate(database: sqlite3.Connection, path: Path) -> None:
    """Bring a database, new or old, to this temper's version.

    Raises:
        StoreError: a newer temper wrote it.
    """
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if version > len(MIGRATIONS):
        raise StoreError(
            f"{path} was written by a newer temper (format {version}, this one knows"
            f" {len(MIGRATIONS)}): upgrade temper, or start again with --out NEW"
        )
    for number, script in enumerate(MIGRATIONS[version:], start=version + 1):
        database.executescript(f"BEGIN; {script} PRAGMA user_version = {number}; COMMIT;")
