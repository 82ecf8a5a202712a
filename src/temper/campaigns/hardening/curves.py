"""How attacks and use change over a training: the suites at every checkpoint."""

from collections.abc import Sequence

from temper.arithmetic.suites import Item
from temper.campaigns.exams import ATTACKED, USES, asked, probes_of
from temper.campaigns.hardening.bench import Bench
from temper.campaigns.hardening.chain import Link
from temper.evaluate.paired_cells import counted
from temper.harden.tuning.data import Divided
from temper.targets.huggingface import HuggingFaceTarget


def draw_curves(bench: Bench, links: Sequence[Link], divided: Divided) -> None:
    """Ask few items of every suite of the start and of each checkpoint; into the database."""
    count = bench.config.harden.curve_items
    if not count:
        return
    few = max(2, count // bench.config.harden.problems)
    attacks = [item for name in ATTACKED for item in bench.exam.suite(name, count)]
    for split in ("held_out", "held_families"):
        attacks += bench.exam.attacked(getattr(divided, split)[:few], split)
    uses = [item for name in USES for item in bench.exam.suite(name, count)]
    steps = {0: bench.target}
    for link in links:
        for step, path in link.trained.snapshots.items():
            steps[link.start + step] = bench.open(path)
    for step, model in steps.items():
        bench.reporter.stage(f"suites at step {step}", 2 * len(attacks) + len(uses))
        bench.store.add_curves("harden", bench.seed, step, _shares(bench, model, attacks, uses))


def _shares(
    bench: Bench, model: HuggingFaceTarget, attacks: Sequence[Item], uses: Sequence[Item]
) -> dict[str, float]:
    answers = asked(bench.recorded(model, "curves"), attacks, uses)
    found: dict[str, float] = {}
    for cell in dict.fromkeys(one.probe.cell for one in answers.probed):
        mine = [one for one in probes_of(answers.probed, cell) if one.outcome != "unknown"]
        kind = "attack" if mine and mine[0].probe.kind == "attack" else "use"
        if mine:
            found[f"{kind}/{cell}"] = sum(counted(one) for one in mine) / len(mine)
    return found
