"""What holds and what was won: suites, mitigations, hardening, comparisons."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from temper.api.models import Model, named, opened
from temper.campaigns.compare import compare_runs
from temper.campaigns.compare_models import model_of, run_compare
from temper.campaigns.hardening.run import run_harden
from temper.campaigns.ladder import run_ladder
from temper.campaigns.suite import run_suites
from temper.config import (
    CompareRun,
    LadderRun,
    SuiteRun,
    TargetConfig,
    load_harden,
    parse_dotted,
)
from temper.protocols import Silent
from temper.run_folder import Outcome, run_path


def suite(
    target: Model,
    *,
    out: str | Path,
    suites: Sequence[str] = (),
    items: int = 500,
    seed: int = 0,
    settings: Mapping[str, Any] | None = None,
) -> Outcome:
    """Put fixed prompts with exact answers to a model, as `temper suite arithmetic` does.

    Args:
        target: what is asked, functions too.
        out: run folder, or a name under runs/.
        suites: e.g. ("clean", "lookups"); empty: all.
        items: of each suite.
        seed: decides which problems are asked.
        settings: e.g. {"overload.copies": 64}.

    Raises:
        TemperError: a setting, the model or the folder cannot be used.
    """
    given = {"run.seed": seed, "suite.items": items, **named("target", target)}
    given |= {"suite.suites": list(suites)} if suites else {}
    config = parse_dotted({**given, **(settings or {})}, SuiteRun)
    return run_suites(config, run_path(out), Silent(), target=opened(target))


def ladder(
    target: str | TargetConfig,
    *,
    out: str | Path,
    seed: int = 0,
    settings: Mapping[str, Any] | None = None,
) -> Outcome:
    """Attack and use a model behind every mitigation, as `temper ladder` does.

    Args:
        target: what is defended.
        out: run folder, or a name under runs/.
        seed: decides every random choice.
        settings: e.g. {"ladder.rungs": ["none", "revise1"], "ladder.queries": 10_000}.

    Raises:
        TemperError: a setting, a model or the folder cannot be used.
    """
    given = {"run.seed": seed, **named("target", target), **(settings or {})}
    return run_ladder(parse_dotted(given, LadderRun), run_path(out), Silent())


def harden(
    source: str | Path,
    *,
    out: str | Path,
    seed: int = 0,
    methods: Sequence[str] = ("sft",),
    settings: Mapping[str, Any] | None = None,
) -> Outcome:
    """Train a checkpoint against a run's attacks, as `temper harden` does.

    Args:
        source: a run of `attack`, or of `run` with a concern.
        out: run folder, or a name under runs/; the model stands in its folder checkpoint.
        seed: decides every random choice.
        methods: trainings one after the other: sft, preference, rl, rl_ai.
        settings: e.g. {"harden.rl.keep": 0.5}.

    Raises:
        TemperError: a setting, the run or the model cannot be used.
    """
    given = {"run.seed": seed, "source": str(source), "harden.methods": list(methods)}
    return run_harden(
        load_harden(str(source), {**given, **(settings or {})}), run_path(out), Silent()
    )


def compare(
    before: str | Path,
    after: str | Path,
    *,
    out: str | Path | None = None,
    seed: int = 0,
    settings: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """What changed between two runs, or two models, as `temper compare` does.

    Args:
        before: a run folder, or a model (a folder of `harden` stands for its checkpoint).
        after: likewise; both runs or both models.
        out: of models: the run folder; None makes it a comparison of runs.
        seed: of searches and paired tests.
        settings: of models: e.g. {"compare.queries": 4_000}.

    Returns:
        The comparison as a JSON-safe object; of models with the key "verdict".

    Raises:
        TemperError: they cannot be compared, or a model or the folder cannot be used.
    """
    if out is None:
        return compare_runs(str(before), str(after), allow_unlike=False, seed=seed)
    sides = {"before.name": model_of(str(before)), "after.name": model_of(str(after))}
    config = parse_dotted({"run.seed": seed, **sides, **(settings or {})}, CompareRun)
    return run_compare(config, run_path(out), Silent()).results
