"""The attacks that were found on unseen problems, and the figures of it."""

from temper.arithmetic.problems import (
    draw_clean_problems,
    draw_problems,
    parse_problem,
)
from temper.evaluate.attempts import Chosen, measure_attacks
from temper.evaluate.choose import choose_attacks
from temper.evaluate.cuts import cut_rates
from temper.evaluate.rates import Subject, attempt_rates
from temper.evaluate.search_rates import find_findings, finding_rates, search_rates
from temper.evaluate.watched import Asking, measure_watched, superseded, watched_rates
from temper.pipeline.run import Run, stage_inputs
from temper.records import Attack


def measure_stage(run: Run, *, offline: bool = False) -> None:
    """Accepted and randomly drawn attacks on unseen problems, and the unattacked model.

    Offline it judges what was answered before, and asks nothing.
    """
    measure, seed = run.config.measure, run.config.run.seed
    chosen = choose_attacks(run.store.candidates(), run.config)
    unseen = draw_problems(run.pools("unseen"), measure.problems, f"{seed}/unseen")
    clean = draw_clean_problems(
        run.pools("search"), run.pools("unseen"), measure.clean_problems, f"{seed}/clean"
    )
    none = Attack(text="", attacker="none", seed=seed)
    plan = [([Chosen(none, "clean")], clean), ([Chosen(none, "control")], unseen), (chosen, unseen)]
    alone = [item for item in chosen if item.attack.problem and item.selection == "accepted"]
    asked = {(item.attack.id, str(p)) for items, ps in plan for item in items for p in ps}
    total = 2 * (len(alone) + len(asked))
    if not offline:
        run.reporter.stage("measure on unseen problems", total)
    target = run.recorded(
        run.target,
        "measure",
        "target",
        progress=None if offline else run.reporter.advance,
        ask_failed_again=not offline,
        offline=offline,
    )
    if measure.until_width is not None:
        asking = Asking(target, unseen, run.frame, measure.max_tokens)
        aim = run.config.attack.aim
        run.store.add_judged(measure_watched(asking, chosen, aim, measure.until_width, seed))
        plan[-1] = ([item for item in chosen if item.selection != "accepted"], unseen)
    for items, problems in plan:
        judged = measure_attacks(target, items, problems, run.frame, measure.max_tokens)
        run.store.add_judged(judged)
    for item in alone:
        own = [parse_problem(item.attack.problem)]
        judged = measure_attacks(target, [item], own, run.frame, measure.max_tokens, split="search")
        run.store.add_judged(judged)
    status = "stopped" if offline else "done"
    run.store.set_stage("measure", stage_inputs(run)["measure"], status)


def figures_stage(run: Run) -> None:
    subject = Subject(target=run.target.capabilities.name, hit_at=run.config.measure.hit_at)
    candidates, judged = run.store.candidates(), run.store.judged_attempts()
    chosen = choose_attacks(candidates, run.config)
    findings = find_findings(candidates)
    run.store.add_findings(findings)
    watched = list(watched_rates(judged, chosen, run.config, subject.target))
    run.store.add_rates(
        [
            *superseded(list(attempt_rates(judged, subject)), watched),
            *watched,
            *cut_rates(judged, subject.target),
            *finding_rates(candidates, findings, subject),
            *search_rates(candidates, subject),
        ]
    )
