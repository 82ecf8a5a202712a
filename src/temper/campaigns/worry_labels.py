"""Who labels in a run from a worry: people, who are waited for, or whatever the settings name."""

import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from temper.budget import Budget
from temper.campaigns.given_labels import Columns, given_rows, label_from_rows
from temper.campaigns.judge_labels import label_by_judge, read_rubric
from temper.campaigns.labelling import (
    Labelling,
    label_by_classifier,
    label_by_oracle,
    label_by_words,
)
from temper.config import LabelConfig, TargetConfig, WorryRun
from temper.establish.annotators import SimulatedAnnotator, ThresholdAnnotator, find_oracle
from temper.establish.judge import Rubric
from temper.establish.labels import Given, Item
from temper.establish.words import WordRule
from temper.organisms.elsewhere import NAME, claims_elsewhere
from temper.protocols import Reporter
from temper.run_folder import DATABASE
from temper.store import Store

AGAIN = 2
"""How far the second annotator's seed is from the first's; 1 is that of a second measure."""


class Waiting(NamedTuple):
    """A run that needs people."""

    done: int
    """Items that have their labels."""
    wanted: int
    each: int
    """Labels wanted an item."""


class Asked(NamedTuple):
    """What is to be labelled, and for which run."""

    config: WorryRun
    folder: Path
    """Of the run whose labels they become."""
    reporter: Reporter | None
    items: list[Item] | None = None
    """None: the chosen samples of that run."""
    seed: int | None = None
    """Of a simulated annotator, where it is another one than the run's."""
    budget: Budget | None = None
    """What a judge may be asked."""
    most: int | None = None
    """Labels; None: as many as the run's settings ask for."""


def label_run(asked: Asked) -> Labelling | None:
    """Ask for what is not labelled yet; None where people do it, or nobody can.

    Raises:
        Stopped: a judge's budget is used up; what was answered is labelled.
    """
    by: dict[str, Callable[[Asked], Labelling | None]] = {
        "oracle": _by_oracle,
        "judge": _by_judge,
        "classifier": _by_classifier,
        "file": _from_file,
        "words": _by_words,
    }
    return by[asked.config.label.by](asked) if asked.config.label.by in by else None


def label_again(asked: Asked) -> Labelling | None:
    """Have a second simulated annotator label some of the items; None where nobody wants that."""
    label = asked.config.label
    if not label.again:
        return None
    return _by_oracle(asked._replace(seed=label.seed + AGAIN, most=min(label.again, label.items)))


def _most(asked: Asked) -> int:
    return asked.config.label.items if asked.most is None else asked.most


def _by_oracle(asked: Asked) -> Labelling:
    label = asked.config.label
    seed = label.seed if asked.seed is None else asked.seed
    name = label.name or f"simulated {seed}"
    if label.name and seed != label.seed:
        name = f"{label.name} {seed}"
    return label_by_oracle(
        asked.folder,
        asked.config.concern,
        lambda guideline: SimulatedAnnotator(
            oracle=find_oracle(label.oracle or "", guideline),
            name=name if label.noise or label.seconds else label.oracle or "",
            noise=label.noise,
            seconds=label.seconds,
            seed=seed,
        ),
        asked.items,
        _most(asked),
    )


def _by_judge(asked: Asked) -> Labelling:
    label = asked.config.label
    wording = read_rubric(label.rubric)
    return label_by_judge(
        asked.folder,
        asked.config.concern,
        TargetConfig(name=label.judge or ""),
        lambda guideline: Rubric.of(wording, guideline, label.reading),
        asked.items,
        _most(asked),
        annotator=label.name,
        reporter=asked.reporter,
        budget=asked.budget,
    )


def _by_classifier(asked: Asked) -> Labelling:
    label = asked.config.label
    checkpoint = Path(label.classifier or "")
    annotator = ThresholdAnnotator(
        name=label.name or checkpoint.resolve().name,
        threshold=label.threshold,
        at_or_above=label.at_or_above or "",
        below=label.below or "",
    )
    return label_by_classifier(
        asked.folder,
        asked.config.concern,
        checkpoint,
        label.classes,
        annotator,
        asked.items,
        _most(asked),
    )


def _by_words(asked: Asked) -> Labelling:
    label = asked.config.label
    rule = WordRule(
        name=label.name or "words",
        words=label.words,
        where=label.at_or_above or "",
        elsewhere=label.below or "",
    )
    return label_by_words(asked.folder, asked.config.concern, rule, asked.items, _most(asked))


def _from_file(asked: Asked) -> Labelling | None:
    """Labels of texts that are the file's own: none for any that are named."""
    if asked.items is not None:
        return None
    label = asked.config.label
    rows = _rows(label)
    return label_from_rows(asked.folder, asked.config.concern, rows, label.map)


def _rows(label: LabelConfig) -> list[Given]:
    """As many as are wanted; of more rows, drawn at random."""
    if label.file == NAME:
        pairs = claims_elsewhere(label.items, label.seed)
        return [Given(text, value, label.name or NAME) for text, value in pairs]
    path = Path(label.file or "").expanduser()
    columns = Columns(label.text_column, label.label_column)
    rows = list(given_rows(path, columns, label.name or path.stem))
    if len(rows) <= label.items:
        return rows
    return random.Random(f"{label.seed}/labels of a file").sample(rows, label.items)


def waiting_for(config: WorryRun, folder: Path) -> Waiting | None:
    """What people have still to do; None where there is enough to learn from.

    An item is done when as many annotators as wanted labelled it or skipped it.
    """
    with Store(folder / DATABASE) as store:
        store.add_guideline(config.concern.guideline())
        guideline = store.following(config.concern.guideline())
        labels = store.standing_labels(guideline.version)
        people = config.label.by == "people"
        wanted = min(config.label.items, len(store.samples(chosen=True))) if people else 1
    given = Counter(label.item_id for label in labels if label.kind != "adjudicator")
    done = sum(count >= (config.label.each if people else 1) for count in given.values())
    return Waiting(done, wanted, config.label.each) if done < wanted else None
