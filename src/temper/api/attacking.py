"""Attacks on sums, what a model can do, and attacks put to other models."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from temper.api.models import Model, named, opened, settings_of
from temper.campaigns.replaying import replay_runs
from temper.config import ReplayRun, TargetConfig, folder_name, load_config, parse_dotted
from temper.pipeline import attack_arithmetic
from temper.protocols import Silent
from temper.run_folder import Outcome, run_path
from temper.targets.check import check_target


def attack(
    target: Model,
    *,
    red: Model | None = None,
    out: str | Path | None = None,
    seed: int = 0,
    search_queries: int | None = None,
    max_queries: int | None = None,
    max_tokens: int | None = None,
    max_cost: float | None = None,
    max_minutes: float | None = None,
    config: str | Path | None = None,
    settings: Mapping[str, Any] | None = None,
    redo: str | None = None,
) -> Outcome:
    """Attack a model's sums, as `temper attack arithmetic` does; the same call continues the run.

    Args:
        target: what is tested.
        red: what writes the attacks; None: the target itself, which then must be able to.
        out: run folder, or a name under runs/.
        seed: decides every random choice.
        search_queries: prompts to the target for each attacker's search.
        max_queries: cap on all prompts to the target.
        max_tokens: cap on the tokens of all models.
        max_cost: cap on money; needs prices.toml.
        max_minutes: cap on this call's time.
        config: a TOML file with settings.
        settings: single settings by dotted name, e.g. {"attack.problems": 8}.
        redo: forget this stage and what follows.

    Returns:
        The folder and results.json as an object; its key "partial" says that a cap was reached.

    Raises:
        TemperError: a setting, a model or the folder cannot be used; the message says why.
    """
    given = {
        "run.seed": seed,
        "attack.max_queries": search_queries,
        "budget.max_queries": max_queries,
        "budget.max_tokens": max_tokens,
        "budget.max_cost": max_cost,
        "budget.max_minutes": max_minutes,
        **named("target", target),
        **(named("red", red) if red is not None else {}),
        **(settings or {}),
    }
    resolved = load_config(
        Path(config) if config is not None else None,
        {key: value for key, value in given.items() if value is not None},
    )
    own = opened(target)
    label = folder_name(own.capabilities.name) if own else resolved.target.label
    return attack_arithmetic(
        resolved,
        run_path(out or f"arithmetic-{label}-{seed}"),
        redo=redo,
        target=own,
        red=opened(red) if red is not None else None,
    )


def check(target: Model) -> list[str]:
    """What `temper target check` says of a model.

    Raises:
        TargetError: it cannot be used.
    """
    if isinstance(target, str | TargetConfig):
        return list(check_target(settings_of(target)))
    own = opened(target)
    assert own is not None
    able = own.capabilities
    return [f"{able.name}: ok, {able.kind}", *able.quirks]


def replay(
    runs: Sequence[str | Path],
    on: Sequence[str | TargetConfig],
    *,
    out: str | Path,
    seed: int = 0,
    max_attacks: int = 100,
    problems: int = 40,
    draws: int = 5,
    measures: Sequence[str | Path] = (),
    settings: Mapping[str, Any] | None = None,
) -> Outcome:
    """Put the accepted attacks of finished runs to other models, as `temper replay` does.

    Args:
        runs: attacks on sums, or attacks on one concern.
        on: the models.
        out: run folder, or a name under runs/.
        seed: decides problems and sampling.
        max_attacks: of a run; from more, drawn at random.
        problems: on sums: unseen problems for each attack.
        draws: on a concern: responses for each attack.
        measures: on a concern: runs or measures that judge beside those of the runs.
        settings: single settings by dotted name, e.g. {"budget.max_queries": 1000}.

    Raises:
        TemperError: a run, a model or the folder cannot be used.
    """
    given = {
        "run.seed": seed,
        "replay.runs": [str(run) for run in runs],
        "replay.max_attacks": max_attacks,
        "replay.problems": problems,
        "replay.draws": draws,
        "replay.measures": [str(measure) for measure in measures],
        "targets": [settings_of(one).model_dump(exclude_unset=True) for one in on],
        **(settings or {}),
    }
    return replay_runs(parse_dotted(given, ReplayRun), run_path(out), Silent())
