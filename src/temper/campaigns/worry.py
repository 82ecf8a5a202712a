"""`temper run worry.toml`: explore, label, establish, in one folder; the same command goes on.

The exploration's page and figures stand beside the measure's: explore.html and explore.json.
"""

from collections import Counter
from pathlib import Path
from typing import NamedTuple

from temper.budget import Budget, Price
from temper.campaigns.establish import establish
from temper.campaigns.exploiting.run import MEASURE_PAGE, MEASURED, exploit
from temper.campaigns.explore import explore
from temper.campaigns.hardening.run import run_harden
from temper.campaigns.labelling import Labelling
from temper.campaigns.worry_labels import WorryLabels
from temper.config import EstablishRun, ExploreRun, HardenRun, TargetConfig, WorryRun, dump_config
from temper.establish.labels import Item
from temper.protocols import Reporter, Silent
from temper.run_folder import CONFIG, DATABASE, REPORT, RESULTS, Outcome, write_whole
from temper.store import Store
from temper.targets.pricing import prices_of
from temper.targets.registry import open_target


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
        Stopped: a cap is reached; what was answered is kept.
    """
    budget = _budget(config)
    explored = ExploreRun(
        run=config.run,
        target=config.target,
        concern={"text": config.concern.text},
        explore=config.explore,
    )
    explore(explored, folder, redo=_only(redo, EXPLORING), reporter=reporter, budget=budget)
    (folder / REPORT).replace(folder / EXPLORED_PAGE)
    (folder / RESULTS).replace(folder / EXPLORED)
    write_whole(folder / CONFIG, dump_config(config))
    labels = WorryLabels(config, reporter, budget)
    labels.add(folder)
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
            return labels.add(place, most=LABEL_ALL)
        return labels.add(place, items, seed=config.label.seed + 1, most=len(items))

    redone = _only(redo, EXPLOITING)
    attacked = exploit(config, folder, label_more, redo=redone, reporter=reporter, budget=budget)
    if config.harden is None:
        return attacked
    hardening = HardenRun(
        run=config.run, source=str(folder), target=config.target, harden=config.harden
    )
    return run_harden(hardening, folder / HARDENED, reporter or Silent())


def _budget(config: WorryRun) -> Budget:
    """One for all stages; the red model is trained here, so it costs nothing."""
    models = {"target": (open_target(config.target), config.target)}
    if config.label.by == "judge":
        judge = TargetConfig(name=config.label.judge or "")
        models["judge"] = (open_target(judge), judge)
    prices = prices_of(config.budget, models)
    return Budget(config.budget, {"red": Price(0.0, 0.0), **prices})


def _only(redo: str | None, stages: tuple[str, ...]) -> str | None:
    return redo if redo in stages else None


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
