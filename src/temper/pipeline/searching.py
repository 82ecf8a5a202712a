"""Every attacker's search for attacks, one after the other."""

from collections.abc import Iterator, Sequence

from temper.arithmetic.frames import Frame
from temper.arithmetic.problems import (
    Pool,
    ProblemPool,
    draw_problems,
)
from temper.config import Config
from temper.errors import ConfigError, TargetError
from temper.exploit.archive import Archive
from temper.exploit.baselines import best_of_n, handwritten, no_attack, random_text
from temper.exploit.one_problem import OneProblem, search_each
from temper.exploit.pirs import Inversion
from temper.exploit.policy_search import policy_search
from temper.exploit.scoring import Setting
from temper.exploit.search import Proposer, search
from temper.pipeline.run import Run, stage_inputs
from temper.protocols import Target
from temper.records import Candidate
from temper.targets.huggingface import HuggingFaceTarget


def refuse_too_few(config: Config, target: Target, frame: Frame) -> None:
    """A search that cannot look at one candidate would find nothing, as if it had looked.

    Raises:
        ConfigError: the queries of a search are less than one candidate costs.
    """
    attack = config.attack
    pools = [
        ProblemPool("search", size, config.problems.operators) for size in config.problems.digits
    ]
    setting = Setting(target, draw_problems(pools, attack.problems, ""), frame, attack)
    each, cost = setting.queries_a_problem, setting.first_cost
    if attack.scope == "one":
        cost = attack.problems * each  # a share for each problem, and none is screened
    if attack.max_queries >= cost:
        return
    shared = config.budget.max_queries is not None
    raise ConfigError(
        f"attack.max_queries is {attack.max_queries} (--search-queries"
        + (", or an attacker's share of --max-queries" if shared else "")
        + f"), and one candidate costs {cost} ({cost // each} problems x {each}): allow more, or"
        " lower attack.problems"
    )


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
        if attacker == "policy":
            _train(run, setting)
            run.store.set_stage(stage, stage_inputs(run)[stage], "done")
            continue
        reader = run.recorded(run.red, stage, "red") if config.max_perplexity else None
        for candidates in _search(run, attacker, setting, reader):
            run.store.add_candidates(candidates)
        run.store.set_stage(stage, stage_inputs(run)[stage], "done")


def _train(run: Run, setting: Setting) -> None:
    """The search of the attacker that is trained.

    Raises:
        ConfigError: attacks on one problem alone are asked for.
        TargetError: the red model is no checkpoint on this disk.
    """
    seed = run.config.run.seed
    if run.config.attack.scope == "one":
        raise ConfigError("attack.scope is 'one': policy is trained for attacks on any problem")
    if not isinstance(run.red, HuggingFaceTarget):
        raise TargetError("policy trains the red model: name a checkpoint folder as red.name")

    def keep(candidates: list[Candidate]) -> None:
        run.store.add_candidates(candidates)

    policy_search(
        run.red.path,
        setting,
        run.pools("search"),
        run.store.path.parent / "training" / "policy",
        seed=seed,
        keep=keep,
        on_step=lambda step, curves: run.store.add_curves("policy", seed, step, curves),
    )


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
        case "archive":
            red = run.recorded(run.red, "search/archive", "red")
            return Archive(red, pools, run.config.attack, seed=seed)
        case _:
            return Inversion(
                run.recorded(run.red, f"search/{attacker}", "red"),
                pools,
                run.config.attack,
                learns=attacker == "pirs",
                attacker=attacker,
                seed=seed,
            )
