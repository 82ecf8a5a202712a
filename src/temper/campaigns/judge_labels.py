"""`temper label-with judge`: a model is asked for the label of every item."""

from collections.abc import Callable, Sequence
from pathlib import Path

from temper.budget import Budget
from temper.campaigns.items import wanted_items
from temper.campaigns.labelling import Labelling, open_labels
from temper.config import BudgetConfig, ConcernConfig, TargetConfig
from temper.ending import Ending
from temper.errors import ConfigError, Stopped
from temper.establish.judge import Judged, Rubric, judge_items
from temper.establish.labels import Item
from temper.organisms.prompts import template
from temper.protocols import Reporter, Silent
from temper.records import Guideline, Reply
from temper.targets.pricing import budget_for
from temper.targets.recorded import RecordedTarget
from temper.targets.registry import open_target

ROLE = "judge"


def label_by_judge(
    folder: Path,
    concern: ConcernConfig | None,
    judge: TargetConfig,
    make: Callable[[Guideline], Rubric],
    items: Sequence[Item] | None,
    most: int | None,
    *,
    annotator: str | None = None,
    reporter: Reporter | None = None,
    caps: BudgetConfig | None = None,
    budget: Budget | None = None,
) -> Labelling:
    """Ask a model for the label of every item; the same call again goes on where it stopped.

    Args:
        folder: of the run whose labels they become.
        concern: the guideline; None: the run's own.
        judge: the model.
        make: the rubric that the guideline makes.
        items: None: the run's own.
        most: label the first so many only.
        annotator: the judge's name among the annotators; None: the model's.
        reporter: told of the progress.
        caps: on what this judge is asked about these items, over all calls.
        budget: shared with other stages, instead of caps.

    Raises:
        Stopped: a cap was reached, or it was interrupted; what was answered is labelled.
    """
    target = open_target(judge)
    reporter = reporter or Silent()
    own = budget_for(caps or BudgetConfig(), {ROLE: (target, judge)}, queried=(ROLE,))
    with open_labels(folder, concern) as (store, guideline):
        wanted = wanted_items(store, folder, items)[:most]
        reporter.stage("judge", len(wanted))
        asked = RecordedTarget(
            target,
            store,
            stage="label",
            seed=0,
            role=ROLE,
            progress=reporter.advance,
            ask_failed_again=True,
            budget=budget or own,
        )
        name, rubric = annotator or target.capabilities.name, make(guideline)
        own.remember([_spent(reply) for reply in _known(asked, wanted, rubric) if reply])
        answered, judged = wanted, Judged([], 0, 0)
        with Ending() as ending:
            judged = judge_items(asked, wanted, rubric, guideline, name)
        if ending.reason:
            known = zip(wanted, _known(asked, wanted, rubric), strict=True)
            answered = [item for item, reply in known if reply and reply.error is None]
            judged = judge_items(asked, answered, rubric, guideline, name)
        new = store.add_labels(judged.labels)
    if ending.reason:
        raise Stopped(f"{ending.reason}; {len(answered)} of {len(wanted)} items were answered")
    return Labelling(new, len(judged.labels), judged.unread, judged.failed)


def _known(asked: RecordedTarget, items: Sequence[Item], rubric: Rubric) -> list[Reply | None]:
    return asked.known([rubric.request(item) for item in items])


def _spent(reply: Reply) -> dict[str, str | int]:
    return {
        "role": ROLE,
        "queries": 1,
        "tokens_in": reply.tokens_in,
        "tokens_out": reply.tokens_out,
    }


def read_rubric(name: str) -> str:
    """The text of a rubric: a file's, or that of the shipped judge_truth.

    Raises:
        ConfigError: the file cannot be read.
    """
    if name == "judge_truth":
        return template(name)
    try:
        return Path(name).read_text("utf-8").rstrip("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"the rubric {name} cannot be read: {error}") from error
