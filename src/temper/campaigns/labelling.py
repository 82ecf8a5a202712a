"""`temper label-with`: labels of oracles, judges, rules and classifiers for a run."""

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from temper.campaigns.items import wanted_items
from temper.config import ConcernConfig
from temper.errors import ConfigError
from temper.establish.agreement import agreement_of
from temper.establish.annotators import SimulatedAnnotator, ThresholdAnnotator
from temper.establish.labels import Item
from temper.establish.words import WordRule
from temper.records import Guideline, Label
from temper.run_folder import DATABASE, existing_run, locked
from temper.stats.agreement import Agreement
from temper.store import Store, read_only
from temper.text.finetune import TunedClassifier


class Labelling(NamedTuple):
    """What one call added."""

    new: int
    """Labels that the run did not have yet."""
    given: int
    unread: int = 0
    """Replies of a judge that name no label."""
    failed: int = 0
    """Requests to a judge that drew no reply."""


@contextmanager
def open_labels(folder: Path, concern: ConcernConfig | None) -> Generator[tuple[Store, Guideline]]:
    """A run's database, made if missing, and the guideline that labels are given under.

    Raises:
        ConfigError: neither the settings nor the run has a guideline.
        StoreError: the folder cannot be used.
    """
    with locked(folder), Store(folder / DATABASE) as store:
        if concern is not None:
            store.add_guideline(concern.guideline())
            yield store, store.following(concern.guideline())
            return
        yield store, newest_guideline(store, folder)


def newest_guideline(store: Store, folder: Path) -> Guideline:
    """The guideline that was added last, as it was changed since.

    Raises:
        ConfigError: there is none.
    """
    known = store.guidelines()
    if not known:
        raise ConfigError(
            f"{folder} has no labels yet: name them with --labels and --failure, or in the"
            " [concern] of a TOML file"
        )
    return store.following(known[-1])


def label_by_oracle(
    folder: Path,
    concern: ConcernConfig | None,
    make: Callable[[Guideline], SimulatedAnnotator],
    items: Sequence[Item] | None,
    most: int | None,
) -> Labelling:
    """Let an oracle, or an annotator simulated after it, label the run's items."""
    with open_labels(folder, concern) as (store, guideline):
        wanted = wanted_items(store, folder, items)[:most]
        labels = list(make(guideline).label(wanted, guideline))
        return Labelling(store.add_labels(labels), len(labels))


def label_by_words(
    folder: Path,
    concern: ConcernConfig | None,
    rule: WordRule,
    items: Sequence[Item] | None,
    most: int | None,
) -> Labelling:
    """Let a rule on words label the run's items."""
    with open_labels(folder, concern) as (store, guideline):
        labels = list(rule.label(wanted_items(store, folder, items)[:most], guideline))
        return Labelling(store.add_labels(labels), len(labels))


def label_by_classifier(
    folder: Path,
    concern: ConcernConfig | None,
    checkpoint: Path,
    classes: Sequence[str],
    annotator: ThresholdAnnotator,
    items: Sequence[Item] | None,
    most: int | None,
) -> Labelling:
    """Let a published sequence classifier label the items: the summed probability of `classes`.

    Raises:
        ConfigError: the checkpoint has no class of that name.
    """
    classifier = TunedClassifier(checkpoint)
    if strange := [name for name in classes if name not in classifier.names]:
        raise ConfigError(
            f"{checkpoint} has no class {strange[0]!r}: it has {', '.join(classifier.names)}"
        )
    places = [classifier.names.index(name) for name in classes]
    with open_labels(folder, concern) as (store, guideline):
        wanted = wanted_items(store, folder, items)[:most]
        p_N = classifier.probabilities([item.text for item in wanted])[:, places].sum(axis=1)
        labels = list(annotator.label(wanted, p_N.tolist(), guideline))
        return Labelling(store.add_labels(labels), len(labels))


def run_agreement(name: str) -> tuple[Agreement, Guideline, list[Label]]:
    """Krippendorff's alpha of all annotators of a run, under its newest guideline.

    Raises:
        ArtifactError, ConfigError: no run, or no labels.
        MeasureError: one annotator only.
    """
    folder = existing_run(name)
    with read_only(folder / DATABASE) as store:
        guideline = newest_guideline(store, folder)
        labels = store.standing_labels(guideline.version)
    return agreement_of(labels, guideline), guideline, labels
