"""The Python interface: what the commands do, as functions. Public, unlike all other modules.

import temper

def my_bot(prompt: str) -> str: ...

run = temper.attack(my_bot, red="abacus-m", out="runs/my-bot", search_queries=800)
for figure in run.results["figures"]: ...
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from temper.campaigns.replaying import replay_runs
from temper.config import TargetConfig, folder_name, load_config, parse_replay
from temper.errors import ConfigError
from temper.pipeline import attack_arithmetic
from temper.protocols import Silent, Target
from temper.run_folder import Outcome, run_path
from temper.targets.check import check_target
from temper.targets.function import Function, FunctionTarget

__all__ = ["Outcome", "attack", "check", "replay"]

Model = str | TargetConfig | Target | Function
"""A name, path or URL; its settings; an object with the members of `protocols.Target`; or a
function from text to text, plain or async."""


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
        **_named("target", target),
        **(_named("red", red) if red is not None else {}),
        **(settings or {}),
    }
    resolved = load_config(
        Path(config) if config is not None else None,
        {key: value for key, value in given.items() if value is not None},
    )
    opened = _opened(target)
    label = folder_name(opened.capabilities.name) if opened else resolved.target.label
    return attack_arithmetic(
        resolved,
        run_path(out or f"arithmetic-{label}-{seed}"),
        redo=redo,
        target=opened,
        red=_opened(red) if red is not None else None,
    )


def check(target: Model) -> list[str]:
    """What `temper target check` says of a model.

    Raises:
        TargetError: it cannot be used.
    """
    if isinstance(target, str | TargetConfig):
        return list(check_target(_settings_of(target)))
    opened = _opened(target)
    assert opened is not None
    able = opened.capabilities
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

    Raises:
        TemperError: a run, a model or the folder cannot be used.
    """
    chosen = {
        "runs": [str(run) for run in runs],
        "max_attacks": max_attacks,
        "problems": problems,
        "draws": draws,
        "measures": [str(measure) for measure in measures],
    }
    targets = [_settings_of(one).model_dump(exclude_unset=True) for one in on]
    config = parse_replay({"run": {"seed": seed}, "replay": chosen, "targets": targets})
    return replay_runs(config, run_path(out), Silent())


def _settings_of(model: str | TargetConfig) -> TargetConfig:
    return TargetConfig(name=model) if isinstance(model, str) else model


def _named(section: str, model: Model) -> dict[str, Any]:
    """Settings that name a model; an object keeps a name only, for the run's own record."""
    if isinstance(model, str | TargetConfig):
        given = _settings_of(model).model_dump(exclude_unset=True)
        return {f"{section}.{key}": value for key, value in given.items()}
    opened = _opened(model)
    assert opened is not None
    return {f"{section}.name": opened.capabilities.name}


def _opened(model: Model) -> Target | None:
    """A target object; None where the settings name it."""
    if isinstance(model, str | TargetConfig):
        return None
    if hasattr(model, "generate") and hasattr(model, "capabilities"):
        return model  # pyright: ignore[reportReturnType]
    if callable(model):
        return FunctionTarget(model)
    raise ConfigError(
        f"{type(model).__name__} is no target: give a name, a path, a URL, an object with the"
        " members of temper.protocols.Target, or a function from text to text"
    )
