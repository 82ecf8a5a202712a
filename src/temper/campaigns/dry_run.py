"""`--dry-run`: spend a little of a run, and say what the whole of it will spend."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from temper.arithmetic.frames import Frame, ask, frame_for
from temper.arithmetic.problems import ProblemPool, draw_clean_problems, draw_problems
from temper.config import Config
from temper.ending import INTERRUPTED
from temper.errors import ConfigError, Stopped
from temper.evaluate.forecast import Forecast, Pilot, forecast
from temper.exploit.scoring import Setting
from temper.pipeline import attack_arithmetic
from temper.protocols import Reporter, Target
from temper.records import Split
from temper.run_folder import DATABASE, RESULTS, finished_results
from temper.store import read_only
from temper.targets.pricing import budget_for, prices_of
from temper.targets.registry import open_target

SHARE = 8
"""The pilot searches with one part in so many of each attacker's budget."""
LEAST_SCORED = 12
"""Candidates an attacker's pilot scores at least."""
MEASURED = 48
"""Queries of the measurement that a pilot asks."""


def dry_run(
    config: Config,
    folder: Path,
    reporter: Reporter | None = None,
    *,
    target: Target | None = None,
    red: Target | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Forecast:
    """Do the beginning of a run in its own folder, where it is not paid for again, and forecast.

    Raises:
        ConfigError: the run is finished already.
        Stopped: the caps are too small for a pilot.
        TargetError, StoreError: as of the run itself.
    """
    if (folder / RESULTS).exists() and "partial" not in finished_results(folder):
        raise ConfigError(f"{folder} is finished: running it again spends nothing")
    target = target or open_target(config.target)
    red = red or (target if config.red is None else open_target(config.red))
    models = {"target": (target, config.target), "red": (red, config.red or config.target)}
    frame = frame_for(config.problems.frame, chat=target.capabilities.chat)
    problems = draw_problems(_pools(config, "search"), config.attack.problems, "")
    each = Setting(target, problems, frame, config.attack).first_cost
    whole = config.attack.max_queries
    searched = min(whole, max(whole // SHARE, LEAST_SCORED * each))
    short = config.model_copy(
        update={"attack": config.attack.model_copy(update={"max_queries": searched})}
    )
    cap = searched * len(config.attack.attackers) + MEASURED
    if config.budget.max_queries is not None:
        cap = min(cap, config.budget.max_queries)
    caps = config.budget.model_copy(update={"max_queries": cap})
    started = clock()
    outcome = attack_arithmetic(
        short, folder, reporter=reporter, target=target, red=red, budget=budget_for(caps, models)
    )
    if outcome.results.get("partial", {}).get("reason") == INTERRUPTED:
        raise KeyboardInterrupt
    with read_only(folder / DATABASE) as store:
        pilot = Pilot(
            candidates=store.candidates(),
            exchanges=store.sizes(),
            seconds=clock() - started,
            plain_prompts=tuple(_plain_lengths(config, frame)),
            a_candidate=each,
        )
    if not any(row["stage"] == "measure" for row in pilot.exchanges):
        raise Stopped("a cap left the pilot nothing to measure, so there is nothing to tell from")
    return forecast(pilot, config, prices_of(config.budget, models))


def _plain_lengths(config: Config, frame: Frame) -> Iterator[int]:
    """Characters of the stored prompts without attack, each of which is asked by two decodings."""
    measure, seed = config.measure, config.run.seed
    search, unseen = _pools(config, "search"), _pools(config, "unseen")
    clean = draw_clean_problems(search, unseen, measure.clean_problems, f"{seed}/clean")
    control = draw_problems(unseen, measure.problems, f"{seed}/unseen")
    asked = (ask(problem, frame).to_list() for problem in (*clean, *control))
    # problems that differ in the chosen wrong answer alone are the same question
    yield from map(len, {json.dumps(prompt, ensure_ascii=False) for prompt in asked})


def _pools(config: Config, split: Split) -> list[ProblemPool]:
    problems = config.problems
    return [ProblemPool(split, digits, problems.operators) for digits in problems.digits]
