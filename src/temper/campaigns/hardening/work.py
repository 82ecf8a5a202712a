"""What a hardening does before both sides are compared: it trains, and measures along the way."""

from collections.abc import Callable
from dataclasses import dataclass, field

from temper.campaigns.hardening.bench import Bench
from temper.campaigns.hardening.chain import Link, train_chain
from temper.campaigns.hardening.claims import Claims, train_claims
from temper.campaigns.hardening.curves import draw_curves
from temper.campaigns.hardening.grader import grader_rates
from temper.campaigns.hardening.reattack import further_rounds, round_rates
from temper.campaigns.hardening.rows import TrainingData
from temper.ending import Ending
from temper.records import Rate

COMPARING = "before and after"


@dataclass
class Work:
    """How far a hardening has come."""

    links: list[Link] = field(default_factory=list[Link])
    """Of all trainings that the settings ask for; empty as long as one is missing."""
    rates: list[Rate] = field(default_factory=list[Rate])
    ending: Ending = field(default_factory=Ending)
    missing: list[str] = field(default_factory=list[str])
    """What was not done, where a cap or Ctrl-C came first."""


def work_on(bench: Bench, data: TrainingData, claims: Claims | None) -> Work:
    """Train, and measure along the way, as far as the budget goes."""
    work = Work()
    steps: dict[str, Callable[[], None]] = {
        f"training ({bench.mitigation})": lambda: _train(bench, data, claims, work)
    }
    if claims is None and bench.config.harden.curve_items:
        steps["suites over the training"] = lambda: draw_curves(bench, work.links, data.divided)
    if claims is None and "rl_ai" in bench.config.harden.methods:
        steps["the grader's own error"] = lambda: work.rates.extend(grader_rates(bench, data.rows))
    work.missing = [*steps, COMPARING]
    with work.ending:
        for step in steps.values():
            step()
            work.missing.pop(0)
    return work


def _train(bench: Bench, data: TrainingData, claims: Claims | None, work: Work) -> None:
    if claims is not None:
        work.links = train_claims(bench, claims, data.rows)
        return
    links = train_chain(bench, data.rows)
    rounds = further_rounds(bench, data, links)
    work.rates += round_rates(bench, rounds)
    work.links = links + [link for one in rounds for link in one.links]
