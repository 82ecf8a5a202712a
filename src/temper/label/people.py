"""Who labels: pseudonyms, how a browser is known again, and forgetting a person altogether."""

import hashlib
import secrets
from typing import NamedTuple

from temper.label.adjudication import adjudicator
from temper.label.tables import LabelStore

LONGEST_NAME = 40


class Person(NamedTuple):
    """Who sits behind a browser."""

    name: str
    lead: bool
    """May change the guideline and adjudicate."""


def cleaned(name: str) -> str:
    """A pseudonym as it is kept: one line of visible characters; empty where nothing is left."""
    return " ".join("".join(c if c.isprintable() else " " for c in name).split())[:LONGEST_NAME]


def enter(store: LabelStore, name: str, *, lead: bool, now: float) -> str:
    """Begin a session and give back its secret, which only the browser keeps."""
    secret = secrets.token_urlsafe(24)
    with store.transaction():
        store.change(
            "INSERT INTO annotators (name, began) VALUES (?, ?) ON CONFLICT DO NOTHING", name, now
        )
        store.change(
            "INSERT INTO sessions VALUES (?, ?, ?, ?)", digest(secret), name, int(lead), now
        )
    return secret


def person_of(store: LabelStore, secret: str | None) -> Person | None:
    """Whose session this is; None where it is nobody's."""
    if not secret:
        return None
    for row in store.find("SELECT annotator, lead FROM sessions WHERE id = ?", digest(secret)):
        return Person(row["annotator"], bool(row["lead"]))
    return None


def leave(store: LabelStore, secret: str) -> None:
    store.change("DELETE FROM sessions WHERE id = ?", digest(secret))


def invite(store: LabelStore, name: str, now: float) -> str:
    """A token that lets its bearer in as this person, and makes the name alone not enough.

    Only its hash is kept; another call makes the earlier one void.
    """
    token = secrets.token_urlsafe(16)
    store.change(
        "INSERT INTO annotators (name, began, token) VALUES (?, ?, ?)"
        " ON CONFLICT DO UPDATE SET token = excluded.token",
        name,
        now,
        digest(token),
    )
    return token


def invited(store: LabelStore, token: str) -> str | None:
    """Whom a token was made for."""
    return store.value("SELECT name FROM annotators WHERE token = ?", digest(token))


def needs_token(store: LabelStore, name: str) -> bool:
    return store.value("SELECT token FROM annotators WHERE name = ?", name) is not None


def has_noted(store: LabelStore, name: str) -> bool:
    """Whether the content note was read."""
    return store.value("SELECT noted FROM annotators WHERE name = ?", name) is not None


def note_read(store: LabelStore, name: str, now: float) -> None:
    store.change("UPDATE annotators SET noted = ? WHERE name = ?", now, name)


def forget(store: LabelStore, name: str) -> int:
    """Remove a person: labels, notes, answers, sessions, and the name itself, from the whole file.

    Changes of the guideline that they made stay, without a name.

    Returns:
        How many labels went.
    """
    with store.transaction():
        own = (name, adjudicator(name))
        labels = store.change("DELETE FROM labels WHERE annotator IN (?, ?)", *own)
        for table in ("relabels", "served", "gold_answers", "sessions"):
            store.change(f"DELETE FROM {table} WHERE annotator IN (?, ?)", *own)
        store.change("DELETE FROM annotators WHERE name = ?", name)
        store.change("DELETE FROM proposals WHERE author = ?", name)
        store.change("UPDATE guideline_changes SET author = '' WHERE author = ?", name)
    store.scrub()
    return labels


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
