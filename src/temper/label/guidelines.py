"""Changing the guideline while people label: which labels stand, which are looked at again."""

import json
from collections.abc import Sequence
from typing import NamedTuple

from temper.errors import ConfigError
from temper.label.settings import Settings
from temper.label.standing import count_taken
from temper.label.tables import LabelStore
from temper.records import Guideline


class Proposal(NamedTuple):
    """A label that an annotator misses."""

    place: int
    label: str
    definition: str
    author: str
    text: str
    """The item that it was proposed at; empty where none."""


def current(store: LabelStore, settings: Settings) -> Guideline:
    """The version in force."""
    known = {one.version: one for one in store.guidelines()}
    return store.following(known[settings.guideline])


def likely_affected(old: Guideline, new: Guideline) -> tuple[str, ...]:
    """Labels whose meaning changed: another definition, failure or not, set aside or not, or gone.

    A changed sentence of the concern may have changed all of them; who changes it decides.
    """

    def meaning(guideline: Guideline, label: str) -> tuple[object, ...]:
        return (
            label in guideline.labels,
            guideline.definitions.get(label, "").strip(),
            label in guideline.failure,
            label in guideline.set_aside,
        )

    return tuple(label for label in old.labels if meaning(old, label) != meaning(new, label))


def change_guideline(
    store: LabelStore,
    old: Guideline,
    new: Guideline,
    affected: Sequence[str],
    *,
    author: str,
    now: float,
) -> int:
    """Put a new version in force and ask for another look at the labels that it affects.

    Args:
        store: of the run.
        old: the version that was changed.
        new: what it becomes.
        affected: labels of the old version; items that people labelled so are offered again. Those
            that the new version lacks are always among them.
        author: who changed it.
        now: seconds since 1970.

    Returns:
        How many people's labels are looked at again. Those of judges and other programs that are
        affected do not stand either.

    Raises:
        ConfigError: the version in force is not `old` any more, or nothing changed.
    """
    check_guideline(new)
    with store.transaction():
        if store.following(old).version != old.version:
            raise ConfigError("somebody else changed the guideline meanwhile: look at it again")
        if new.version == old.version:
            raise ConfigError("nothing was changed")
        again = sorted({*affected, *(set(old.labels) - set(new.labels))})
        standing = [
            label
            for label in store.standing_labels(old.version)
            if not label.skipped and label.value in again
        ]
        store.change(
            "INSERT OR IGNORE INTO guidelines VALUES (?, ?)",
            new.version,
            json.dumps(new.to_json(), sort_keys=True),
        )
        store.change(
            "INSERT INTO guideline_changes (version, previous, affected, author, at)"
            " VALUES (?, ?, ?, ?, ?)",
            new.version,
            old.version,
            json.dumps(again),
            author,
            now,
        )
        store.change_many(
            "INSERT OR REPLACE INTO relabels VALUES (?, ?, ?)",
            [(label.item_id, label.annotator, label.value) for label in standing],
        )
        count_taken(store, new)
    return sum(label.kind == "person" for label in standing)


def check_guideline(guideline: Guideline) -> None:
    """What a guideline must have.

    Raises:
        ConfigError: it lacks that.
    """
    labels = guideline.labels
    if len(labels) < 2 or len(set(labels)) < len(labels) or not all(labels):
        raise ConfigError("a guideline needs two labels or more, each with a name of its own")
    if len(labels) > 20:
        raise ConfigError("more than 20 labels: nobody holds so many apart")
    if not guideline.failure:
        raise ConfigError("say which label is a failure: one at least")
    if set(guideline.failure) & set(guideline.set_aside):
        raise ConfigError("a label is a failure or set aside, not both")
    if not set(labels) - set(guideline.failure) - set(guideline.set_aside):
        raise ConfigError("one label at least must be neither a failure nor set aside")


def propose(
    store: LabelStore, label: str, definition: str, author: str, item_id: str, now: float
) -> None:
    """Keep the label that an annotator misses, for whoever looks after the guideline."""
    store.change(
        "INSERT INTO proposals (label, definition, author, item_id, at, state)"
        " VALUES (?, ?, ?, ?, ?, 'open')",
        label,
        definition,
        author,
        item_id,
        now,
    )


def proposals(store: LabelStore) -> list[Proposal]:
    """Those that nobody decided on yet, the oldest first."""
    return [
        Proposal(row["place"], row["label"], row["definition"], row["author"], row["text"] or "")
        for row in store.find(
            "SELECT proposals.*, (SELECT text FROM queues WHERE queues.item_id = proposals.item_id"
            " LIMIT 1) AS text FROM proposals WHERE state = 'open' ORDER BY place"
        )
    ]


def decide(store: LabelStore, place: int, state: str) -> None:
    """Close a proposal: "taken" or "declined"."""
    store.change("UPDATE proposals SET state = ? WHERE place = ?", state, place)


def history(store: LabelStore) -> list[dict[str, object]]:
    """Every change, the newest first: version, affected labels, author, time."""
    return [
        {**row, "affected": json.loads(row["affected"])}
        for row in store.find("SELECT * FROM guideline_changes ORDER BY place DESC")
    ]
