"""`temper run worry.toml`: explore, label, establish, in one folder; the same command goes on.

The exploration's page and figures stand beside the measure's: explore.html and explore.json.
"""

from pathlib import Path

from temper.campaigns.establish import establish
from temper.campaigns.explore import explore
from temper.campaigns.labelling import (
    Labelling,
    label_by_classifier,
    label_by_judge,
    label_by_oracle,
    read_rubric,
)
from temper.config import EstablishRun, ExploreRun, TargetConfig, WorryRun, dump_config
from temper.establish.annotators import SimulatedAnnotator, ThresholdAnnotator, find_oracle
from temper.establish.judge import Rubric
from temper.protocols import Reporter
from temper.run_folder import CONFIG, DATABASE, REPORT, RESULTS, Outcome, write_whole
from temper.store import Store

EXPLORED_PAGE, EXPLORED = "explore.html", "explore.json"


def run_worry(
    config: WorryRun, folder: Path, *, redo: str | None = None, reporter: Reporter | None = None
) -> Outcome | None:
    """From a worry to a measure.

    Args:
        config: see `WorryRun`.
        folder: the run's.
        redo: forget this stage of the exploration ("draw", "choose") and what follows.
        reporter: told of the progress.

    Returns:
        None where the run waits for people's labels.

    Raises:
        TemperError: a setting, a model or the labels must change.
    """
    explored = ExploreRun(
        run=config.run,
        target=config.target,
        concern={"text": config.concern.text},
        explore=config.explore,
    )
    explore(explored, folder, redo=redo, reporter=reporter)
    (folder / REPORT).replace(folder / EXPLORED_PAGE)
    (folder / RESULTS).replace(folder / EXPLORED)
    write_whole(folder / CONFIG, dump_config(config))
    _label(config, folder, reporter)
    if not _has_labels(config, folder):
        return None
    measured = EstablishRun(
        run=config.run,
        target=config.target,
        concern=config.concern,
        establish=config.establish,
        report=config.report,
    )
    outcome = establish(measured, folder, reporter=reporter)
    write_whole(folder / CONFIG, dump_config(config))
    return outcome


def _label(config: WorryRun, folder: Path, reporter: Reporter | None) -> Labelling | None:
    """Ask for what is not labelled yet; None where people do it."""
    label, concern = config.label, config.concern
    match label.by:
        case "oracle":
            name = label.name or f"simulated {label.seed}"
            return label_by_oracle(
                folder,
                concern,
                lambda guideline: SimulatedAnnotator(
                    oracle=find_oracle(label.oracle or "", guideline),
                    name=name if label.noise or label.seconds else label.oracle or "",
                    noise=label.noise,
                    seconds=label.seconds,
                    seed=label.seed,
                ),
                None,
                label.items,
            )
        case "judge":
            wording = read_rubric(label.rubric)
            return label_by_judge(
                folder,
                concern,
                TargetConfig(name=label.judge or ""),
                lambda guideline: Rubric.of(wording, guideline, label.reading),
                None,
                label.items,
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
                folder, concern, checkpoint, label.classes, annotator, None, label.items
            )
        case _:
            return None


def _has_labels(config: WorryRun, folder: Path) -> bool:
    with Store(folder / DATABASE) as store:
        store.add_guideline(config.concern.guideline())
        return bool(store.labels(config.concern.guideline().version))
