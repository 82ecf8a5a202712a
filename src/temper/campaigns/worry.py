"""`temper run worry.toml`: explore, label, establish, in one folder; the same command goes on.

The exploration's page and figures stand beside the measure's: explore.html and explore.json.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from temper.budget import Budget
from temper.campaigns.acquiring import label_asked
from temper.campaigns.establish import establish
from temper.campaigns.exploiting.run import MEASURE_PAGE, MEASURED, exploit
from temper.campaigns.explore import explore
from temper.campaigns.hardening.run import run_harden
from temper.campaigns.labelling import Labelling
from temper.campaigns.worry_budget import worry_budget
from temper.campaigns.worry_labels import Asked, Waiting, label_again, label_run, waiting_for
from temper.config import EstablishRun, ExploreRun, HardenRun, WorryRun, dump_config
from temper.errors import Stopped
from temper.establish.labels import Item
from temper.protocols import Reporter, Silent
from temper.report.explore import explore_page
from temper.report.measure import measure_page
from temper.run_folder import CONFIG, REPORT, RESULTS, Outcome, write_whole

EXPLORED_PAGE, EXPLORED = "explore.html", "explore.json"
HARDENED = "hardened"
EXPLORING, EXPLOITING = ("draw", "choose"), ("exploit",)
"""What may be done again."""
LABEL_ALL = 10**9


def run_worry(
    config: WorryRun, folder: Path, *, redo: str | None = None, reporter: Reporter | None = None
) -> Outcome | Waiting:
    """From a worry to a measure, and on to attackers where the settings have some.

    Where the budget is used up, the outcome is that of the stage that was under way, or of the one
    before where that has nothing to show; its results then say "partial".

    Args:
        config: see `WorryRun`.
        folder: the run's.
        redo: forget this stage of the exploration ("draw", "choose") and what follows.
        reporter: told of the progress.

    Returns:
        The last stage's outcome, or what people have still to label before it can begin.

    Raises:
        TemperError: a setting, a model or the labels must change.
        Stopped: the budget was used up before there was anything to show.
    """
    run = _Run(config, folder, redo, reporter or Silent(), worry_budget(config, folder))
    explored = run.explore()
    if "partial" in explored.results:
        return explored
    try:
        asked = Asked(config, folder, reporter, budget=run.budget)
        label_run(asked)
        label_again(asked)
        label_asked(asked, run.establish)
    except Stopped as stop:
        return run.partial(explored, stop, "labels")
    waiting = waiting_for(config, folder)
    if waiting is not None:
        return waiting
    try:
        measured = run.establish()
    except Stopped as stop:
        return run.partial(explored, stop, "measure")
    if config.exploit is None:
        return measured
    try:
        attacked = run.exploit()
    except Stopped as stop:
        return run.partial(measured, stop, "labels of the second judge", "attacks")
    return attacked if config.harden is None or "partial" in attacked.results else run.harden()


@dataclass(frozen=True)
class _Run:
    """The stages, each of which leaves its page beside the next one's."""

    config: WorryRun
    folder: Path
    redo: str | None
    reporter: Reporter
    budget: Budget

    def explore(self) -> Outcome:
        config = ExploreRun(
            run=self.config.run,
            target=self.config.target,
            concern={"text": self.config.concern.text},
            explore=self.config.explore,
        )
        redo = _only(self.redo, EXPLORING)
        outcome = explore(
            config, self.folder, redo=redo, reporter=self.reporter, budget=self.budget
        )
        write_whole(self.folder / CONFIG, dump_config(self.config))
        if "partial" not in outcome.results:
            (self.folder / REPORT).replace(self.folder / EXPLORED_PAGE)
            (self.folder / RESULTS).replace(self.folder / EXPLORED)
        return outcome

    def establish(self) -> Outcome:
        config = EstablishRun(
            run=self.config.run,
            target=self.config.target,
            concern=self.config.concern,
            establish=self.config.establish,
            report=self.config.report,
        )
        outcome = establish(config, self.folder, reporter=self.reporter, budget=self.budget)
        write_whole(self.folder / CONFIG, dump_config(self.config))
        return outcome

    def exploit(self) -> Outcome:
        (self.folder / REPORT).replace(self.folder / MEASURE_PAGE)
        (self.folder / RESULTS).replace(self.folder / MEASURED)
        redo = _only(self.redo, EXPLOITING)
        return exploit(
            self.config,
            self.folder,
            self._label_more,
            redo=redo,
            reporter=self.reporter,
            budget=self.budget,
        )

    def harden(self) -> Outcome:
        assert self.config.harden is not None
        config = HardenRun(
            run=self.config.run,
            source=str(self.folder),
            target=self.config.target,
            harden=self.config.harden,
        )
        place = self.folder / HARDENED
        return run_harden(config, place, self.reporter, budget=self.budget)

    def _label_more(self, place: Path, items: list[Item] | None) -> Labelling | None:
        """Other items by another annotator, or more of the same run by its own."""
        asked = Asked(self.config, place, self.reporter, items, budget=self.budget)
        if items is None:
            return label_run(asked._replace(most=LABEL_ALL))
        return label_run(asked._replace(seed=self.config.label.seed + 1, most=len(items)))

    def partial(self, outcome: Outcome, stop: Stopped, *unfinished: str) -> Outcome:
        """The page of a finished stage once more, saying why there is none of the next."""
        said = {"reason": str(stop), "unfinished": list(unfinished)}
        results = {**outcome.results, "partial": said}
        page = explore_page if results["kind"] == "explore" else measure_page
        write_whole(self.folder / RESULTS, json.dumps(results, indent=1, ensure_ascii=False) + "\n")
        write_whole(self.folder / REPORT, page(results))
        return Outcome(self.folder, results)


def _only(redo: str | None, stages: tuple[str, ...]) -> str | None:
    return redo if redo in stages else None
