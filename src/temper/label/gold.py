"""Items with known answers: an entry test before the first label, hidden ones against drift."""

from collections.abc import Iterable, Sequence
from math import comb
from typing import NamedTuple

from temper.label.settings import Settings
from temper.label.tables import LabelStore
from temper.records import imported_item_id

RECENT = 10
"""Hidden items that a warning of drift goes by."""
ALARM = 0.05
"""So unlikely must the recent answers be for someone who just passes the entry test."""


class Known(NamedTuple):
    """A text and the answer that is expected."""

    text: str
    value: str


class Answered(NamedTuple):
    """One known item as somebody answered it."""

    text: str
    expected: str
    given: str
    """Empty where it was skipped."""


class Drift(NamedTuple):
    """How one annotator does on hidden items."""

    annotator: str
    right: int
    of: int
    recent_right: int
    recent_of: int
    drifts: bool


def add_gold(store: LabelStore, known: Iterable[Known]) -> None:
    """Replace the known items; what was answered so far stays."""
    rows = [
        (imported_item_id(one.text), place, one.text, one.value) for place, one in enumerate(known)
    ]
    with store.transaction():
        store.change("DELETE FROM gold")
        store.change_many("INSERT OR REPLACE INTO gold VALUES (?, ?, ?, ?)", rows)
        # a known item is not served as an unknown one too
        store.change("DELETE FROM queues WHERE text IN (SELECT text FROM gold)")


def has_passed(store: LabelStore, settings: Settings, annotator: str) -> bool:
    """Whether the entry test is behind this person, or there is none."""
    if not settings.entry_test:
        return True
    return store.value("SELECT tested FROM annotators WHERE name = ?", annotator) is not None


def test_result(store: LabelStore, settings: Settings, annotator: str) -> list[Answered] | None:
    """The answers of the entry test once all are given; None before."""
    answered = _answers(store, annotator, "entry")
    return answered[-settings.entry_test :] if len(answered) >= settings.entry_test else None


def is_pass(settings: Settings, answered: Sequence[Answered]) -> bool:
    right = sum(one.expected == one.given for one in answered)
    return right >= settings.pass_mark * len(answered)


def mark_passed(store: LabelStore, annotator: str, now: float) -> None:
    store.change("UPDATE annotators SET tested = ? WHERE name = ?", now, annotator)


def try_again(store: LabelStore, annotator: str) -> None:
    """Let a person take the entry test once more, with items they have not seen if there are any.

    The failed answers are kept under another purpose.
    """
    with store.transaction():
        store.change(
            "UPDATE gold_answers SET purpose = 'failed' WHERE annotator = ? AND purpose = 'entry'",
            annotator,
        )
        unseen = store.value(
            "SELECT count(*) FROM gold WHERE item_id NOT IN"
            " (SELECT item_id FROM served WHERE annotator = ?)",
            annotator,
        )
        if not unseen:
            store.change("DELETE FROM served WHERE annotator = ? AND purpose = 'entry'", annotator)


def drifts(store: LabelStore, settings: Settings) -> list[Drift]:
    """Every annotator who met hidden items.

    The warning comes when so few of the last ones are right that someone who answers `pass_mark`
    of them as expected would do so badly less than one time in twenty (one-sided binomial).
    """
    found: list[Drift] = []
    for row in store.find(
        "SELECT DISTINCT annotator FROM gold_answers WHERE purpose = 'gold' ORDER BY annotator"
    ):
        right = [one.expected == one.given for one in _answers(store, row["annotator"], "gold")]
        recent = right[-RECENT:]
        chance = _at_most(sum(recent), len(recent), settings.pass_mark)
        found.append(
            Drift(
                row["annotator"], sum(right), len(right), sum(recent), len(recent), chance < ALARM
            )
        )
    return found


def _at_most(right: int, of: int, share: float) -> float:
    """The binomial chance of so many right answers or fewer."""
    return sum(comb(of, k) * share**k * (1 - share) ** (of - k) for k in range(right + 1))


def _answers(store: LabelStore, annotator: str, purpose: str) -> list[Answered]:
    return [
        Answered(row["text"], row["expected"], row["given"])
        for row in store.find(
            "SELECT gold.text, gold.value AS expected, gold_answers.value AS given"
            " FROM gold_answers JOIN gold ON gold.item_id = gold_answers.item_id"
            " WHERE annotator = ? AND purpose = ? ORDER BY gold_answers.place",
            annotator,
            purpose,
        )
    ]
