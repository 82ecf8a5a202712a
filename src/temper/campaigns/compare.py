"""Compare two finished runs: the same protocol on two targets, or on one target twice."""

from pathlib import Path
from typing import Any

from temper.campaigns.compare_models import model_of
from temper.errors import ArtifactError, ConfigError
from temper.evaluate.comparable import left_out, unread
from temper.evaluate.compare import Side, changes
from temper.evaluate.run_verdict import run_verdict
from temper.evaluate.unlike import unlike_parts
from temper.run_folder import DATABASE, RESULTS, finished_results, run_path
from temper.store import read_only

SEED = "run.seed"


def is_run(name: str) -> bool:
    """Whether this names a finished run; else it is taken for a model."""
    return (run_path(name) / RESULTS).exists()


def refuse_mixed(before: str, after: str) -> None:
    """Two runs, or two models: what a run asked no other model was asked.

    Raises:
        ConfigError: one of each.
    """
    runs = [name for name in (before, after) if is_run(name) and model_of(name) == name]
    if len(runs) == 1:
        other = after if runs[0] == before else before
        raise ConfigError(
            f"{runs[0]} is a run and {other} a model: name two runs of one protocol, or two models"
        )


def compare_runs(
    before: str, after: str, *, allow_unlike: bool, seed: int, null: str | None = None
) -> dict[str, Any]:
    """The changes from one run to the other, as one JSON-safe object.

    Args:
        before: a run folder, or a name under runs/.
        after: likewise.
        allow_unlike: compare runs of unlike protocols all the same, with the differences as a
            stamp.
        seed: of the paired tests.
        null: a run like `before` with another seed: how far two searches of one side lie apart.

    Raises:
        ArtifactError: a run is missing, not finished, or is about several targets.
        ConfigError: the protocols differ, and `allow_unlike` is not set; or `null` is on another
            target.
    """
    sides = [_side(run_path(name)) for name in (before, after)]
    results = [side.results for side in sides]
    unlike = unlike_parts(results[0]["protocol"], results[1]["protocol"])
    early = [
        (name, one) for name, one in zip((before, after), results, strict=True) if "partial" in one
    ]
    unlike += [
        f"{name} is partial (stopped because {one['partial']['reason']})" for name, one in early
    ]
    if unlike and not allow_unlike:
        raise ConfigError(
            f"{before} and {after} followed unlike protocols: {'; '.join(unlike)}. Run one of them"
            " again with the other's settings, or add --allow-unlike"
        )
    found = changes(*sides, seed=seed)
    return {
        "before": {"run": before, **results[0]["target"]},
        "after": {"run": after, **results[1]["target"]},
        "same_target": results[0]["target"]["hash"] == results[1]["target"]["hash"],
        "unlike": unlike,
        "stopped_early": " and ".join(name for name, _ in early),
        "changes": [change.to_json() for change in found],
        "left_out": left_out(*results),
        "unread": unread(*results),
        "worse": sum(change.verdict == "worse" for change in found),
        "verdict": run_verdict(found, _null(null, results[0]) if null else None).to_json(),
    }


def _null(name: str, before: Any) -> Any:
    """Results of another search of the first side.

    Raises:
        ConfigError: it is no such run.
    """
    results = _side(run_path(name)).results
    unlike = [
        part
        for part in unlike_parts(before["protocol"], results["protocol"])
        if not part.startswith(SEED)
    ]
    if "partial" in results:
        unlike.append("it was stopped early")
    if results["target"]["hash"] != before["target"]["hash"] or unlike:
        why = "; ".join(unlike) or "another target"
        raise ConfigError(f"--null {name} is not the first run with another seed: {why}")
    return results


def _side(folder: Path) -> Side:
    results = finished_results(folder)
    if "target" not in results:
        raise ArtifactError(
            f"{folder} is about several targets: compare runs of one target each, or replay the"
            " same attacks on both (`temper replay RUN --on BEFORE --on AFTER`)"
        )
    with read_only(folder / DATABASE) as store:
        return Side(results, store.judged_attempts())
