"""From a worry to a measure, and the measure at work."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from temper.api.models import named
from temper.campaigns.establish import establish as run_establish
from temper.campaigns.explore import explore as run_explore
from temper.campaigns.files import run_file
from temper.campaigns.guard import open_measure
from temper.campaigns.worry_labels import Waiting
from temper.config import EstablishRun, ExploreRun, TargetConfig, parse_dotted
from temper.establish.measure import Judgement
from temper.run_folder import Outcome, existing_run, run_path


def run(
    file: str | Path,
    *,
    targets: Sequence[str] = (),
    out: str | Path | None = None,
    settings: Mapping[str, Any] | None = None,
    redo: str | None = None,
) -> Outcome | Waiting:
    """Do everything that a TOML file asks for, as `temper run` does.

    Args:
        file: e.g. one of recipes/.
        targets: instead of the file's.
        out: folder, or a name under runs/; None: the file's name.
        settings: single settings by dotted name, e.g. {"exploit.seeds": [0, 1]}.
        redo: with a concern: forget this stage and what follows.

    Returns:
        The last stage's outcome, or how many labels people have still to give.

    Raises:
        TemperError: a setting, a model or the labels must change.
        Stopped: the budget was used up before there was anything to show.
    """
    path = Path(file)
    return run_file(path, run_path(out or path.stem), targets, settings or {}, redo=redo)


def explore(
    target: str | TargetConfig,
    *,
    out: str | Path,
    seed: int = 0,
    draws: int = 2_000,
    kept: int = 200,
    settings: Mapping[str, Any] | None = None,
) -> Outcome:
    """See what a model says, as `temper explore` does; the texts stand in the run's database.

    Args:
        target: what is sampled.
        out: run folder, or a name under runs/.
        seed: decides every random choice.
        draws: responses, over all rounds.
        kept: texts of the diverse subset.
        settings: e.g. {"explore.source": "prompts", "explore.file": "mine.txt"}.

    Raises:
        TemperError: a setting, the model or the folder cannot be used.
    """
    given = {"run.seed": seed, "explore.draws": draws, "explore.kept": kept}
    given |= {**named("target", target), **(settings or {})}
    return run_explore(parse_dotted(given, ExploreRun), run_path(out))


def establish(
    run: str | Path,
    *,
    target: str | TargetConfig | None = None,
    seed: int = 0,
    settings: Mapping[str, Any] | None = None,
) -> Outcome:
    """Learn, calibrate and audit a measure from a run's labels, as `temper establish` does.

    Args:
        run: a folder with labels, or its name under runs/.
        target: whose hidden states are probed; None: no states.
        seed: of splits and training.
        settings: e.g. {"establish.label_noise": "estimated"}.

    Raises:
        TemperError: there are too few labels, or a model cannot be used.
    """
    given = {"run.seed": seed, **(named("target", target) if target is not None else {})}
    config = parse_dotted({**given, **(settings or {})}, EstablishRun)
    return run_establish(config, existing_run(run))


def guard(measure: str | Path, texts: Sequence[str]) -> list[Judgement]:
    """Judge texts by a run's measure, as `temper guard` does, in order.

    Args:
        measure: a run, or the folder of a measure.
        texts: any strings.

    Raises:
        TemperError: the measure, or the model that it judges by, cannot be used.
    """
    return open_measure(measure).judge(list(texts))
