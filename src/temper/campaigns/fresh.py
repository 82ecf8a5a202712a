"""A fresh search against one model, and its best attacks: what yesterday's attacks cannot tell."""

from collections.abc import Sequence
from typing import NamedTuple

from temper.arithmetic.frames import Frame
from temper.arithmetic.problems import ProblemPool, draw_problems
from temper.config import AttackConfig, ProblemsConfig
from temper.errors import ConfigError
from temper.exploit.pirs import Inversion
from temper.exploit.scoring import Setting
from temper.exploit.search import Proposer, search
from temper.protocols import Target
from temper.records import Attack, Candidate
from temper.text.similarity import cluster_findings


class Searched(NamedTuple):
    """What one search found."""

    candidates: tuple[Candidate, ...]
    best: tuple[Attack, ...]
    """By acceptance, then by score; as many on each side, so that rates can be compared."""

    @property
    def accepted(self) -> list[Candidate]:
        return [one for one in self.candidates if one.accepted]

    @property
    def distinct(self) -> int:
        """Findings: clusters of accepted attacks."""
        return len(cluster_findings([one.attack.text for one in self.accepted]))


def search_afresh(
    target: Target,
    red: Target,
    frame: Frame,
    problems: ProblemsConfig,
    *,
    queries: int,
    attacks: int,
    seed: int,
) -> Searched:
    """Prompt inversion with the settings of `temper attack`, at a budget of its own.

    Args:
        target: recorded, so that a continued run replays.
        red: writes the attacks; the same one against every side of a comparison.
        frame: as the problems are asked.
        problems: sizes and operators.
        queries: to the target.
        attacks: so many of the best are given back; accepted or not.
        seed: of everything.

    Raises:
        ConfigError: the queries are less than one candidate costs: nothing would be looked at.
    """
    config = AttackConfig(max_queries=queries)
    pools = [ProblemPool("search", digits, problems.operators) for digits in problems.digits]
    drawn = draw_problems(pools, config.problems, f"{seed}/search")
    proposer = Inversion(red, pools, config, learns=True, attacker="pirs", seed=seed)
    setting = Setting(target, drawn, frame, config)
    found = search_all(proposer, setting)
    return Searched(tuple(found), tuple(best_attacks(found, attacks)))


def search_all(proposer: Proposer, setting: Setting) -> list[Candidate]:
    """Everything that a search looked at.

    Raises:
        ConfigError: the queries are less than one candidate costs: nothing would be looked at.
    """
    queries = setting.config.max_queries
    if queries < setting.first_cost:
        raise ConfigError(
            f"a fresh search has {queries} queries (--queries), and one candidate costs"
            f" {setting.first_cost}: allow more"
        )
    return [one for candidates in search(proposer, setting) for one in candidates]


def best_attacks(found: Sequence[Candidate], count: int) -> list[Attack]:
    """The accepted ones first, then by score; what was never scored is no attack."""
    scored = [one for one in found if one.score is not None]
    scored.sort(key=lambda one: (not one.accepted, -(one.score or 0), one.order))
    return [one.attack for one in scored[:count]]
