"""What a run from a worry may spend, and what it has spent already."""

from pathlib import Path

from temper.budget import Budget
from temper.campaigns.exploiting.rounds import FOLDER as ROUNDS
from temper.campaigns.exploiting.second import FOLDER as SECOND
from temper.campaigns.judge_vectors import ROLE as MEASURE
from temper.config import TargetConfig, WorryRun
from temper.run_folder import DATABASE
from temper.store import read_only
from temper.targets.pricing import budget_for
from temper.targets.registry import open_target


def worry_budget(config: WorryRun, folder: Path) -> Budget:
    """The caps, less what earlier calls spent: in this run, its second judge's and its rounds'.

    Raises:
        ConfigError: money is capped and a model has no price.
        TargetError: a model cannot be used.
    """
    models = {role: (open_target(one), one) for role, one in _models(config).items()}
    budget = budget_for(config.budget, models)
    runs = [folder, folder / SECOND, *sorted((folder / ROUNDS).glob("*"))]
    for run in runs:
        if (run / DATABASE).exists():
            with read_only(run / DATABASE) as store:
                budget.remember(store.spent())
    return budget


def _models(config: WorryRun) -> dict[str, TargetConfig]:
    """Whoever is asked, by role."""
    models = {"target": config.target}
    if config.label.by == "judge" and config.label.judge:
        models["judge"] = TargetConfig(name=config.label.judge)
    if config.establish.judge:
        models[MEASURE] = TargetConfig(name=config.establish.judge)
    if config.exploit is not None:
        models["red"] = config.exploit.red or config.target
    return models
