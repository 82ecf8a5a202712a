"""What a measure is taught: a run's labels, one an item, and how far each can be believed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from temper.campaigns.items import label_weights
from temper.config import EstablishConfig
from temper.errors import MeasureError
from temper.establish.agreement import Combined, combine_labels
from temper.establish.labels import items_of
from temper.establish.noise import Noise, doubts, estimate_noise
from temper.establish.split import Labelled, as_columns
from temper.records import Guideline, Label
from temper.store import Store
from temper.text.duplicates import duplicate_groups


class Taught(NamedTuple):
    """Labels, and the items that they leave to learn from."""

    labels: list[Label]
    """Of the annotators that count."""
    combined: Combined
    noise: Noise
    """How many labels are wrong."""
    items: Labelled
    set_aside: int
    """Items whose label counts neither as failure nor as safe."""


def what_is_taught(store: Store, guideline: Guideline, settings: EstablishConfig) -> Taught:
    """Read a run's labels and make one of each item's.

    Raises:
        MeasureError: no labels, an annotator who gave none, or too few second labels to count
            wrong ones by.
    """
    labels = _labels(store, guideline, settings)
    combined = combine_labels(labels, guideline, settings.combine, settings.neutral)
    noise = _noise(labels, guideline, settings.label_noise)
    doubted = doubts(labels, combined.values, noise.share, guideline)
    items, aside = _columns(labels, combined, guideline, label_weights(store), doubted)
    return Taught(labels, combined, noise, items, aside)


def _labels(store: Store, guideline: Guideline, settings: EstablishConfig) -> list[Label]:
    labels = store.standing_labels(guideline.version)
    there = {label.annotator for label in labels}
    if strange := set(settings.annotators) - there:
        raise MeasureError(
            f"no labels by {sorted(strange)[0]!r} under this guideline: there are labels by"
            f" {', '.join(sorted(there)) or 'nobody'}"
        )
    wanted = settings.annotators or there
    labels = [label for label in labels if label.annotator in wanted]
    if not labels:
        raise MeasureError(
            "there are no labels under this guideline: run `temper label` or `temper label-with`"
        )
    return labels


def _noise(labels: Sequence[Label], guideline: Guideline, wanted: float | str) -> Noise:
    if isinstance(wanted, str):
        return estimate_noise(labels, len(guideline.labels))
    return Noise(wanted, wanted, wanted, 0)


def _columns(
    labels: Sequence[Label],
    combined: Combined,
    guideline: Guideline,
    weights: Mapping[str, float],
    doubted: Mapping[str, float],
) -> tuple[Labelled, int]:
    """The items with one label each, and how many were set aside."""
    decided = [item for item in items_of(labels) if item.id in combined.values]
    kept = [item for item in decided if combined.values[item.id] not in guideline.set_aside]
    items = [replace(item, weight=weights.get(item.id, 1.0)) for item in kept]
    values = [combined.values[item.id] for item in items]
    groups_N = duplicate_groups([item.text for item in items])
    columns = as_columns(items, values, guideline.trained, groups_N, doubted)
    return columns, len(decided) - len(kept)
