"""`temper run worry.toml`: explore, label, establish, in one folder; the same command goes on.

The exploration's page and figures stand beside the measure's: explore.html and explore.json.
"""

from collections import Counter
from pathlib import Path
from typing import NamedTuple

from temper.campaigns.establish import establish
from temper.campaigns.exploiting.run import MEASURE_PAGE, MEASURED, exploit
from temper.campaigns.explore import explore
from temper.campaigns.hardening.run import run_harden
from temper.campaigns.labelling import (
    Labelling,
    label_by_classifier,
    label_by_judge,
    label_by_oracle,
    read_rubric,
)
from temper.config import EstablishRun, ExploreRun, HardenRun, TargetConfig, WorryRun, dump_config
from temper.establish.annotators import SimulatedAnnotator, ThresholdAnnotator, find_oracle
from temper.establish.judge import Rubric
from temper.establish.labels import Item
from temper.protocols import Reporter, Silent
from temper.run_folder import CONFIG, DATABASE, REPORT, RESULTS, Outcome, write_whole
from temper.store import Store


class Waiting(NamedTuple):
    """A run that needs people."""

    done: int
    """Items that have their labels."""
    wanted: int
    each: int
    """Labels wanted an item."""


EXPLORED_PAGE, EXPLORED = "explore.html", "explore.json"
HARDENED = "hardened"
EXPLORING, EXPLOITING = ("draw", "choose"), ("exploit",)
"""What may be done again."""
LABEL_ALL = 10**9


def run_worry(
    config: WorryRun, folder: Path, *, redo: str | None = None, reporter: Reporter | None = None
) -> Outcome | Waiting:
    """From a worry to a measure.

    Args:
        config: see `WorryRun`.
        folder: the run's.
        redo: forget this stage of the exploration ("draw", "choose") and what follows.
        reporter: told of the progress.

    Returns:
        The measure's outcome, or what people have still to label before it can be learned.

    Raises:
        TemperError: a setting, a model or the labels must change.
    """
    explored = ExploreRun(
        run=config.run,
        target=config.target,
        concern={"text": config.concern.text},
        explore=config.explore,
    )
    explore(explored, folder, redo=_only(redo, EXPLORING), reporter=reporter)
    (folder / REPORT).replace(folder / EXPLORED_PAGE)
    (folder / RESULTS).replace(folder / EXPLORED)
    write_whole(folder / CONFIG, dump_config(config))
    _label(config, folder, reporter)
    waiting = _waiting(config, folder)
    if waiting is not None:
        return waiting
    measured = EstablishRun(
        run=config.run,
        target=config.target,
        concern=config.concern,
        establish=config.establish,
        report=config.report,
    )
    outcome = establish(measured, folder, reporter=reporter)
    write_whole(folder / CONFIG, dump_config(config))
    if config.exploit is None:
        return outcome
    (folder / REPORT).replace(folder / MEASURE_PAGE)
    (folder / RESULTS).replace(folder / MEASURED)

    def label_more(place: Path, items: list[Item] | None) -> Labelling | None:
        """Other items by another annotator, or more of the same run by its own."""
        if items is None:
            return _label(config, place, reporter, most=LABEL_ALL)
        return _label(config, place, reporter, items, config.label.seed + 1, len(items))

    redone = _only(redo, EXPLOITING)
    attacked = exploit(config, folder, label_more, redo=redone, reporter=reporter)
    if config.harden is None:
        return attacked
    hardening = HardenRun(
        run=config.run, source=str(folder), target=config.target, harden=config.harden
    )
    return run_harden(hardening, folder / HARDENED, reporter or Silent())


def _only(redo: str | None, stages: tuple[str, ...]) -> str | None:
    return redo if redo in stages else None


def _label(
    config: WorryRun,
    folder: Path,
    reporter: Reporter | None,
    items: list[Item] | None = None,
    seed: int | None = None,
    most: int | None = None,
) -> Labelling | None:
    """Ask for what is not labelled yet; None where people do it.

    Args:
        config: of the run.
        folder: of the run whose labels they become.
        reporter: told of the progress.
        items: None: the chosen samples of that run.
        seed: of a simulated annotator, where it is another one than the run's.
        most: labels; None: as many as the run's settings ask for.
    """
    label, concern = config.label, config.concern
    seed = label.seed if seed is None else seed
    most = label.items if most is None else most
    match label.by:
        case "oracle":
            name = label.name or f"simulated {seed}"
            return label_by_oracle(
                folder,
                concern,
                lambda guideline: SimulatedAnnotator(
                    oracle=find_oracle(label.oracle or "", guideline),
                    name=name if label.noise or label.seconds else label.oracle or "",
                    noise=label.noise,
                    seconds=label.seconds,
                    seed=seed,
                ),
                items,
                most,
            )
        case "judge":
            wording = read_rubric(label.rubric)
            return label_by_judge(
                folder,
                concern,
                TargetConfig(name=label.judge or ""),
                lambda guideline: Rubric.of(wording, guideline, label.reading),
                items,
                most,
                annotator=label.name,
                reporter=reporter,
            )
        case "classifier":
            checkpoint = Path(label.classifier or "")
            annotator = ThresholdAnnotator(
                name=label.name or checkpoint.resolve().name,
                threshold=label.threshold,
                at_or_above=label.at_or_above or "",
                below=label.below or "",
            )
            return label_by_classifier(
                folder, concern, checkpoint, label.classes, annotator, items, most
            )
        case _:
            return None


def _waiting(config: WorryRun, folder: Path) -> Waiting | None:
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
