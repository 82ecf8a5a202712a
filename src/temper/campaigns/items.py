"""The texts that are labelled: of an exploration, of a file, or those that somebody labelled."""

from collections.abc import Sequence
from pathlib import Path

from temper.errors import ArtifactError
from temper.establish.labels import Item, items_of
from temper.store import Store
from temper.text.rows import read_rows, text_of, value_of


def wanted_items(store: Store, folder: Path, given: Sequence[Item] | None) -> list[Item]:
    """The items of a file; else the run's chosen samples; else all that anybody labelled.

    Raises:
        ArtifactError: there are none of these.
    """
    items = list(given) if given is not None else weighted_items(store) or items_of(store.labels())
    if not items:
        raise ArtifactError(
            f"{folder} has no items: run `temper explore --out {folder}` first, or name a file with"
            " --items"
        )
    return items


def weighted_items(store: Store) -> list[Item]:
    """The chosen samples of the exploration, with weights that undo how they were chosen.

    A text that came several times stands for its copies; one of a crowded cluster for those of the
    cluster that were not drawn. Texts of later rounds weigh 0: they were drawn where they were
    wanted.
    """
    return [
        Item(
            id=sample.id,
            text=sample.text,
            weight=0.0 if sample.round else sample.copies / (sample.inclusion or 1.0),
        )
        for sample in store.samples(chosen=True)
    ]


def label_weights(store: Store) -> dict[str, float]:
    """What each explored text's label weighs; a text that was not chosen was asked for: 0."""
    weights = {sample.id: 0.0 for sample in store.samples()}
    return weights | {item.id: item.weight for item in weighted_items(store)}


def read_items(path: Path, column: str) -> list[Item]:
    """Each text of a table once, in its order."""
    texts = (text_of(value_of(row, column, path)) for row in read_rows(path))
    return [Item.of(text) for text in dict.fromkeys(texts) if text.strip()]
