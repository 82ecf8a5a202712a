"""Filling a run's queue: which items, in which order, with what beside them."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np

from temper.campaigns.guard import measure_folder, open_measure
from temper.errors import ArtifactError
from temper.explore.acquire import label_next
from temper.label.tables import LabelStore
from temper.records import Sample, imported_item_id
from temper.text.rows import read_rows, text_of, value_of

Order = Literal["asked", "random", "given"]


class Entry(NamedTuple):
    """One item of a queue."""

    item_id: str
    text: str
    prompt: str = ""
    reference: str = ""
    cluster: int | None = None


def fill(store: LabelStore, queue: str, entries: Sequence[Entry]) -> int:
    """Add items to a queue and set its order; items that were in it stay, behind these.

    Returns:
        How many items the queue has.
    """
    with store.transaction():
        store.change("UPDATE queues SET place = place + ? WHERE queue = ?", len(entries), queue)
        store.change_many(
            "INSERT INTO queues VALUES (?, ?, ?, ?, ?, ?, 0) ON CONFLICT DO UPDATE SET"
            " place = excluded.place, reference = excluded.reference",
            [
                (queue, place, one.item_id, one.text, one.prompt, one.reference)
                for place, one in enumerate(entries)
            ],
        )
        store.change("DELETE FROM queues WHERE queue = 'label' AND text IN (SELECT text FROM gold)")
    return int(store.value("SELECT count(*) FROM queues WHERE queue = ?", queue))


def run_entries(store: LabelStore, folder: Path) -> list[Entry]:
    """The chosen samples of the run's exploration, else the texts that somebody labelled.

    Raises:
        ArtifactError: there are neither.
    """
    samples = store.samples(chosen=True)
    if samples:
        return [Entry(one.id, one.text, prompt_of(one), cluster=one.cluster) for one in samples]
    known = store.find("SELECT item_id, text FROM labels GROUP BY item_id ORDER BY min(rowid)")
    if not known and not store.value("SELECT count(*) FROM queues"):
        raise ArtifactError(
            f"{folder} has no items to label: run `temper explore --out {folder}` first, or name"
            " a file with --items"
        )
    return [Entry(row["item_id"], row["text"]) for row in known]


def prompt_of(sample: Sample) -> str:
    """What the target was asked, where that is no part of the text itself."""
    return "" if sample.text.startswith(sample.prompt) else sample.prompt


def file_entries(path: Path, text: str, prompt: str | None, reference: str | None) -> list[Entry]:
    """Each text of a table once, in its order; surrounding white space is dropped."""
    found: dict[str, Entry] = {}
    for row in read_rows(path):
        shown = text_of(value_of(row, text, path))
        if shown:
            found.setdefault(
                shown,
                Entry(
                    imported_item_id(shown),
                    shown,
                    text_of(value_of(row, prompt, path)) if prompt else "",
                    text_of(value_of(row, reference, path)) if reference else "",
                ),
            )
    return list(found.values())


def ordered(
    store: LabelStore, folder: Path, entries: Sequence[Entry], order: Order, seed: int
) -> list[Entry]:
    """The items in the order in which to ask.

    Args:
        store: whose labelled items come last.
        folder: the run, whose measure says where it is unsure, if there is one.
        entries: what is to be labelled.
        order: "asked" by acquisition: clusters take turns, each with its most uncertain text;
            "random"; or as "given".
        seed: decides what chance decides.
    """
    if order == "given":
        return list(entries)
    if order == "random":
        return [entries[n] for n in np.random.default_rng(seed).permutation(len(entries))]
    done = {row["item_id"] for row in store.find("SELECT DISTINCT item_id FROM labels")}
    p_N = _probabilities(folder, [one.text for one in entries])
    clusters_N = np.array([-1 if one.cluster is None else one.cluster for one in entries])
    labelled = [n for n, one in enumerate(entries) if one.item_id in done]
    asked = label_next(p_N, clusters_N, labelled, len(entries), seed=seed)
    return [entries[n] for n in [*asked, *labelled]]


def _probabilities(
    folder: Path, texts: Sequence[str]
) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """P(failure) by the run's measure; one half each where there is none yet."""
    try:
        measure_folder(folder)
    except ArtifactError:
        return np.full(len(texts), 0.5)
    judged = open_measure(folder).judge(list(texts))
    return np.array([np.nan if one.value is None else one.value for one in judged])


def messages_as_text(prompt: str) -> str:
    """A stored prompt, JSON messages, as people read it."""
    messages: list[Mapping[str, str]] = json.loads(prompt)
    if len(messages) == 1:
        return messages[0]["content"]
    return "\n\n".join(f"{one['role']}: {one['content']}" for one in messages)
