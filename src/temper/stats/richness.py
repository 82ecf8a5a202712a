"""How many distinct findings there are, seen or not: what a search did *not* find."""

from collections import Counter
from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

from temper.stats.proportion import NORMAL, Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Richness:
    """Distinct findings seen, and an estimate of how many there are."""

    observed: int
    estimate: float
    """At least so many: findings much rarer than those seen leave no trace in the counts."""
    interval: Interval
    coverage: float
    """Share of the next hits (or of a new seed's findings) that are known already, in [0, 1]."""
    once: int
    """Findings seen once: the more, the more are unseen."""
    twice: int
    samples: int
    """Hits, or seeds."""

    @property
    def unseen(self) -> float:
        return self.estimate - self.observed


def chao1(hits_F: Sequence[int]) -> Richness:
    """Richness from how often one search, or several together, hit each finding.

    Hits must come independently: a search that improves on its own findings repeats them, and the
    estimate is too low. Independent seeds and `chao2` do not have that fault.

    Args:
        hits_F: >= 0 for each distinct finding.

    Raises:
        ValueError: a count is below 0, or nothing was found.

    Source:
        Chao 1984, bias-corrected form; Chao 1987 for the interval; Chao and Jost 2012 for coverage,
        and Good 1953 where none was seen twice.
    """
    if any(hits < 0 for hits in hits_F):
        raise ValueError("a finding is hit 0 times or more")
    counts = [hits for hits in hits_F if hits]
    return _richness(counts, samples=sum(counts))


def chao2(findings_of_seeds: Sequence[Collection[Hashable]]) -> Richness:
    """Richness from which independent seeds found which findings.

    Args:
        findings_of_seeds: the findings of each seed, named alike across seeds; how often a seed hit
            one does not count. At least two seeds.

    Raises:
        ValueError: fewer than two seeds, or nothing was found.

    Source:
        Chao 1987, bias-corrected form; coverage as for `chao1`.
    """
    if len(findings_of_seeds) < 2:
        raise ValueError("what several seeds share needs two seeds or more")
    seeds = Counter(finding for findings in findings_of_seeds for finding in set(findings))
    return _richness(list(seeds.values()), samples=len(findings_of_seeds))


def _richness(counts: Sequence[int], samples: int) -> Richness:
    if not counts:
        raise ValueError("nothing was found: how much there is cannot be estimated")
    observed, once, twice = len(counts), counts.count(1), counts.count(2)
    share = (samples - 1) / samples
    estimate = observed + share * once * (once - 1) / (2 * (twice + 1))
    return Richness(
        observed=observed,
        estimate=estimate,
        interval=_interval(observed, estimate, once, twice, share, sum(counts)),
        coverage=_coverage(once, twice, samples, sum(counts)),
        once=once,
        twice=twice,
        samples=samples,
    )


def _coverage(once: int, twice: int, samples: int, total: int) -> float:
    among = (samples - 1) * once
    improved = among / (among + 2 * twice) if twice else 1.0
    return 1 - once / total * improved


def _interval(
    observed: int, estimate: float, once: int, twice: int, share: float, total: int
) -> Interval:
    unseen = estimate - observed
    if not unseen:
        # no finding, or only one, was seen once: how many a sample of this size would miss
        missed = exp(-total / observed)
        middle = observed / (1 - missed)
        reach = NORMAL * sqrt(observed * missed) / (1 - missed)
        return Interval(max(float(observed), middle - reach), middle + reach)
    if twice:
        variance = (
            share * once * (once - 1) / (2 * (twice + 1))
            + share**2 * once * (2 * once - 1) ** 2 / (4 * (twice + 1) ** 2)
            + share**2 * once**2 * twice * (once - 1) ** 2 / (4 * (twice + 1) ** 4)
        )
    else:
        variance = (
            share * once * (once - 1) / 2
            + share**2 * once * (2 * once - 1) ** 2 / 4
            - share**2 * once**4 / (4 * estimate)
        )
    ratio = exp(NORMAL * sqrt(log(1 + variance / unseen**2)))
    return Interval(observed + unseen / ratio, observed + unseen * ratio)
