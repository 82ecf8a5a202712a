"""Every attacker's search for attacks, one after the other."""

from collections.abc import Iterator, Sequence

from temper.arithmetic.problems import (
    Pool,
    draw_problems,
)
from temper.exploit.baselines import best_of_n, handwritten, no_attack, random_text
from temper.exploit.one_problem import OneProblem, search_each
from temper.exploit.pirs import Inversion
from temper.exploit.scoring import Setting
from temper.exploit.search import Proposer, search
from temper.pipeline.run import Run, stage_inputs
from temper.protocols import Target
from temper.records import Candidate


def search_stage(run: Run) -> None:
    """Every attacker's search, one after the other, on the same problems and budget."""
    run.store.clear("attacks", "attempts", "verdicts", "findings", "figures")
    config, seed = run.config.attack, run.config.run.seed
    problems = draw_problems(run.pools("search"), config.problems, f"{seed}/search")
    for attacker in config.attackers:
        stage = f"search/{attacker}"
        run.reporter.stage(f"search: {attacker}", config.max_queries)
        target = run.recorded(run.target, stage, "target", progress=run.reporter.advance)
        setting = Setting(target, problems, run.frame, config)
        reader = run.recorded(run.red, stage, "red") if config.max_perplexity else None
        for candidates in _search(run, attacker, setting, reader):
            run.store.add_candidates(candidates)
        run.store.set_stage(stage, stage_inputs(run)[stage], "done")


def _search(
    run: Run, attacker: str, setting: Setting, reader: Target | None
) -> Iterator[list[Candidate]]:
    """One search for attacks on any problem, or one for each problem."""
    if run.config.attack.scope == "any" or attacker == "none":
        return search(_proposer(run, attacker, run.pools("search")), setting, reader)
    return search_each(
        lambda problem: _proposer(run, attacker, [OneProblem(problem)]), setting, reader
    )


def _proposer(run: Run, attacker: str, pools: Sequence[Pool]) -> Proposer:
    seed = run.config.run.seed
    match attacker:
        case "none":
            return no_attack(seed)
        case "random":
            return random_text(seed)
        case "handwritten":
            return handwritten(seed)
        case "bestofn":
            return best_of_n(seed)
        case _:
            return Inversion(
                run.recorded(run.red, f"search/{attacker}", "red"),
                pools,
                run.config.attack,
                learns=attacker == "pirs",
                attacker=attacker,
                seed=seed,
            )
