"""Which item a person gets next: nobody an item twice, no item more people than wanted."""

import random
from dataclasses import dataclass
from typing import Any, Literal

from temper.label.settings import Settings
from temper.label.tables import LabelStore

Purpose = Literal["label", "again", "gold", "entry"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """One item in front of one person."""

    item_id: str
    text: str
    prompt: str
    reference: str
    """Kept with the item; empty where a look-up may know one."""
    purpose: Purpose
    since: float
    """When it was shown first, in seconds since 1970."""
    draft: str
    reference_seen: bool


def next_item(
    store: LabelStore, settings: Settings, annotator: str, now: float, passed: bool
) -> Served | None:
    """The item this person has open, or else a new one that is then theirs; None: nothing left.

    Args:
        store: of the run.
        settings: of the server.
        annotator: who asks.
        now: seconds since 1970.
        passed: whether the entry test is behind them.
    """
    with store.transaction():
        opened = open_item(store, annotator)
        if opened is not None:
            return opened
        chosen = _choose(store, settings, annotator, now, passed)
        if chosen is None:
            return None
        item_id, purpose = chosen
        store.change(
            "INSERT INTO served VALUES (?, ?, ?, ?, NULL, NULL, 0, '') ON CONFLICT DO UPDATE SET"
            " purpose = excluded.purpose, since = excluded.since, done = NULL, reference_seen = 0,"
            " draft = ''",
            item_id,
            annotator,
            purpose,
            now,
        )
        return open_item(store, annotator)


def open_item(store: LabelStore, annotator: str) -> Served | None:
    """What was shown to this person last and is not answered yet: also after a restart."""
    for row in store.find(
        "SELECT * FROM served WHERE annotator = ? AND done IS NULL ORDER BY since DESC LIMIT 1",
        annotator,
    ):
        text, prompt, reference = content(store, row["item_id"])
        return Served(
            item_id=row["item_id"],
            text=text,
            prompt=prompt,
            reference=reference,
            purpose=row["purpose"],
            since=row["since"],
            draft=row["draft"],
            reference_seen=bool(row["reference_seen"]),
        )
    return None


def content(store: LabelStore, item_id: str) -> tuple[str, str, str]:
    """Text, prompt and reference of an item, wherever it is kept."""
    for query in (
        "SELECT text, prompt, reference FROM queues WHERE item_id = ?",
        "SELECT text, '' AS prompt, '' AS reference FROM gold WHERE item_id = ?",
        "SELECT text, '' AS prompt, '' AS reference FROM labels WHERE item_id = ?",
    ):
        for row in store.find(f"{query} LIMIT 1", item_id):
            return row["text"], row["prompt"], row["reference"]
    return "", "", ""


def left_for(store: LabelStore, settings: Settings, annotator: str) -> int:
    """Items that this person could still be given, the one in front of them included."""
    fresh = store.value(
        "SELECT count(*) FROM queues AS q WHERE queue = ? AND taken < ? AND NOT EXISTS"
        " (SELECT 1 FROM served AS s WHERE s.item_id = q.item_id AND s.annotator = ?"
        " AND s.done IS NOT NULL)",
        settings.queue,
        settings.each,
        annotator,
    )
    again = store.value("SELECT count(*) FROM relabels WHERE annotator = ?", annotator)
    return int(fresh) + int(again)


def _choose(
    store: LabelStore, settings: Settings, annotator: str, now: float, passed: bool
) -> tuple[str, Purpose] | None:
    if not passed:
        found = _gold(store, annotator)
        return (found, "entry") if found else None
    again = store.value("SELECT item_id FROM relabels WHERE annotator = ? LIMIT 1", annotator)
    if again:
        return again, "again"
    if _is_golds_turn(store, settings, annotator):
        found = _gold(store, annotator)
        if found:
            return found, "gold"
    item = store.value(
        "SELECT item_id FROM queues AS q WHERE queue = ? AND taken < ?"
        " AND NOT EXISTS (SELECT 1 FROM served AS s WHERE s.item_id = q.item_id"
        " AND s.annotator = ?)"
        " AND taken + (SELECT count(*) FROM served AS s WHERE s.item_id = q.item_id"
        " AND s.done IS NULL AND s.annotator <> ? AND s.since > ?) < ?"
        " ORDER BY place LIMIT 1",
        settings.queue,
        settings.each,
        annotator,
        annotator,
        now - settings.lease,
        settings.each,
    )
    return (item, "label") if item else None


def _gold(store: LabelStore, annotator: str) -> Any:
    return store.value(
        "SELECT item_id FROM gold AS g WHERE NOT EXISTS (SELECT 1 FROM served AS s"
        " WHERE s.item_id = g.item_id AND s.annotator = ?) ORDER BY place LIMIT 1",
        annotator,
    )


def _is_golds_turn(store: LabelStore, settings: Settings, annotator: str) -> bool:
    """Once in every stretch of items, at a place that cannot be foreseen."""
    rows = store.find(
        "SELECT purpose FROM served WHERE annotator = ? AND done IS NOT NULL AND purpose IN"
        " ('label', 'again', 'gold')",
        annotator,
    )
    stretch, place = divmod(len(rows), settings.gold_every)
    rng = random.Random(f"{settings.seed}/{annotator}/{stretch}")
    return place == rng.randrange(settings.gold_every)
