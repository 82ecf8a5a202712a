"""For a project's own tests: a model must not have become worse. Public, like `temper.api`.

from temper.testing import assert_not_worse

def test_the_new_model_is_no_easier_to_fool():
    assert_not_worse("runs/before", "runs/after", margin=0.05)
"""

from pathlib import Path

from temper.campaigns.compare import compare_runs, is_run, refuse_mixed
from temper.campaigns.compare_models import model_of, run_compare
from temper.config import CompareRun, parse_sections
from temper.ending import INTERRUPTED
from temper.evaluate.gate import checked, gate_failures
from temper.evaluate.unlike import facets_in_words
from temper.protocols import Silent
from temper.run_folder import run_path

__all__ = ["assert_not_worse"]


def assert_not_worse(
    before: str | Path,
    after: str | Path,
    *,
    margin: float = 0.0,
    strict: bool = False,
    seed: int = 0,
    out: str | Path | None = None,
    queries: int = 2_000,
    items: int = 300,
) -> str:
    """Fail a test where a rate got worse, as `temper compare --fail-if-worse` does.

    Args:
        before: a finished run, or a model: a shipped one, a checkpoint folder.
        after: likewise; two runs of one protocol, or two models.
        margin: by how much a rate may be worse, in [0, 1].
        strict: fail unless every interval lies within the margin.
        seed: of searches and resampling.
        out: models: the folder of the comparison, where the same call continues.
        queries: models: of each fresh search; 0 makes none.
        items: models: prompts of each suite.

    Returns:
        The verdict in words.

    Raises:
        AssertionError: a rate got worse; the message names each.
        TemperError: a run or a model cannot be used, or the two have no rate in common.
    """
    first, second = str(before), str(after)
    if is_run(first) and is_run(second) and model_of(second) == second:
        found = compare_runs(first, second, allow_unlike=False, seed=seed)
    else:
        refuse_mixed(first, second)
        sides = {"before": {"name": model_of(first)}, "after": {"name": model_of(second)}}
        settings = {"compare": {"queries": queries, "items": items}, "run": {"seed": seed}}
        names = "-".join(Path(name).name for name in (first, second))
        folder = run_path(out or f"compare-{names}-{seed}")
        found = run_compare(parse_sections(sides | settings, CompareRun), folder, Silent()).results
        if found.get("partial", {}).get("reason") == INTERRUPTED:
            raise KeyboardInterrupt
    failures = gate_failures(checked(found), margin, strict=strict)
    said = [f"{row.name} ({facets_in_words(row.by)}): {why}" for row, why in failures]
    if said:
        raise AssertionError(f"{second} against {first}: " + "; ".join(said))
    return found["verdict"]["word"]
