"""Two-phase sampling: attempts are drawn in clusters, then some of them are audited.

The error of a corrected rate has two uncorrelated parts. *Between*: these clusters are a sample of
what the attacker makes. *Within*: of these attempts only some were audited; given the attempts,
that draw knows no clusters. Arrays lead with T, collections of attempts of one layout, so that a
simulation of thousands of collections runs the very code that serves one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from temper.stats.proportion import Bools, Floats

TINY = 1e-12


class Grouping(NamedTuple):
    """One kind of cluster: an order that puts members side by side, and where each begins."""

    order_N: NDArray[np.int64]
    starts_K: NDArray[np.int64]


def group(code_N: NDArray[np.int64]) -> Grouping:
    order_N = np.argsort(code_N, kind="stable")
    starts_K = np.flatnonzero(np.diff(code_N[order_N], prepend=-1))
    return Grouping(order_N, starts_K.astype(np.int64))


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoPhase:
    """What the estimators need of T audited collections; S = (called safe, called hit)."""

    attempts: int
    clusters: int
    """Of the scarcer kind; 1 where none was named."""
    value_T: Floats
    share_ST: Floats
    """Share of attempts with this verdict."""
    rate_ST: Floats
    """Estimated share of true hits among them."""
    audited_ST: Floats
    """Effective number audited: without limit as all are audited, 0 if none is."""
    between_T: Floats
    """Variance that more audits cannot remove."""
    freedom_T: Floats
    """Degrees of freedom of `between_T`."""


def summarise(
    verdict_TN: Bools,
    truth_TN: Floats,
    inclusion_TN: Floats,
    groupings: Sequence[Grouping] = (),
) -> TwoPhase:
    """Reduce attempts, verdicts and audits to a TwoPhase.

    The estimate is the power-tuned prediction-powered one, `mean(l v) + sum(w (y - l v)) / sum(w)`,
    with w = 1 / inclusion over the audit and l the weighted least-squares slope of truth y on
    verdict v. As v has two values, that is the post-stratified mean computed here: shares of the
    verdicts in all attempts times the weighted truth within each verdict. An empty verdict, or one
    without an audit, has no slope: then l = 0, and its rate is that of the whole audit.

    Args:
        verdict_TN: the fallible verdict, True for a hit.
        truth_TN: 1 for a true hit, 0 for none, not a number where not audited; one at least is.
        inclusion_TN: chance in (0, 1] with which each was to be audited; read only where audited.
        groupings: one for each kind of cluster, the same in all collections.

    Source:
        Power tuning: Angelopoulos, Duchi and Zrnic 2023 (arXiv:2311.01453), where the labelled and
        the unlabelled sample are independent; here the audit is a part of the attempts. Weights and
        two phases: Särndal, Swensson and Wretman 1992, Model assisted survey sampling, chapter 9.
    """
    audited_TN = ~np.isnan(truth_TN)
    chance_TN = np.where(audited_TN, inclusion_TN, 1)
    weight_TN = np.where(audited_TN, 1 / chance_TN, 0)
    true_TN = np.where(audited_TN, truth_TN, 0)
    mine = np.stack([~verdict_TN, verdict_TN])
    weighed_STN = weight_TN * mine
    weight_ST = weighed_STN.sum(axis=2)
    overall_T = (weight_TN * true_TN).sum(axis=1) / weight_TN.sum(axis=1)
    known_ST = weight_ST > 0
    rate_ST = (weighed_STN * true_TN).sum(axis=2) / np.where(known_ST, weight_ST, 1)
    rate_ST = np.where(known_ST.all(axis=0), rate_ST, overall_T)
    share_ST = mine.mean(axis=2)
    value_T = (share_ST * rate_ST).sum(axis=0)
    own_TN = np.where(verdict_TN, rate_ST[1][:, None], rate_ST[0][:, None])
    residual_TN = np.where(audited_TN, true_TN - own_TN, 0)
    audited_ST = _effective_audit(weighed_STN, chance_TN, residual_TN, rate_ST)
    calibration_ST = share_ST * verdict_TN.shape[1] / np.where(known_ST, weight_ST, 1)
    calibrated_TN = (weighed_STN * calibration_ST[:, :, None]).sum(axis=0)
    influence_TN = own_TN - value_T[:, None] + calibrated_TN * residual_TN
    between_T, freedom_T = _between(influence_TN, value_T, groupings)
    return TwoPhase(
        attempts=verdict_TN.shape[1],
        clusters=min((len(grouping.starts_K) for grouping in groupings), default=1),
        value_T=value_T,
        share_ST=share_ST,
        rate_ST=rate_ST,
        audited_ST=audited_ST,
        between_T=between_T,
        freedom_T=freedom_T,
    )


def _effective_audit(
    weighed_STN: Floats, chance_TN: Floats, residual_TN: Floats, rate_ST: Floats
) -> Floats:
    """Size of the plain sample with the same variance; unequal weights and finite numbers count."""
    spread_STN = weighed_STN**2 * (1 - chance_TN)
    total_ST = weighed_STN.sum(axis=2) ** 2
    alike_ST = total_ST / np.maximum(spread_STN.sum(axis=2), TINY)
    # where the chance to be audited goes with the truth, weights and residuals do not average apart
    seen_ST = (spread_STN * residual_TN**2).sum(axis=2)
    unlike_ST = total_ST * rate_ST * (1 - rate_ST) / np.maximum(seen_ST, TINY)
    return np.where(seen_ST > TINY, np.minimum(alike_ST, unlike_ST), alike_ST)


def _between(
    influence_TN: Floats, value_T: Floats, groupings: Sequence[Grouping]
) -> tuple[Floats, Floats]:
    """Variance of the mean truth over draws of clusters, and its degrees of freedom.

    The variance of hits as if independent, plus what members of one cluster share, estimated from
    the products of their influences (the audit draws members apart, so those products are free of
    audit error). Degrees of freedom are Satterthwaite's, from the kurtosis of the cluster sums.
    The variance is raised by a quarter of its standard error: where a rate is estimated too near 0
    or 1, so is its variance, and misses come together (share chosen by `benchmarks/coverage.py`).
    """
    n = influence_TN.shape[1]
    simple_T = value_T * (1 - value_T) / n
    shared: list[Floats] = []
    total_T, freedom_T = simple_T, np.full_like(value_T, np.inf)
    for order_N, starts_K in groupings:
        sums_TK = np.add.reduceat(influence_TN[:, order_N], starts_K, axis=1)
        count = len(starts_K)
        square_T = (sums_TK**2).sum(axis=1)
        alone_T = (influence_TN**2).sum(axis=1)
        scale = count / max(count - 1, 1) / n**2
        shared.append((square_T - alone_T) * scale)
        total_T = np.maximum(total_T, square_T * scale)
        kurtosis_T = count * (sums_TK**4).sum(axis=1) / np.maximum(square_T, TINY) ** 2
        own_T = 2 * count / np.maximum(kurtosis_T - 1, TINY)
        freedom_T = np.minimum(freedom_T, np.clip(own_T, 1, max(count - 1, 1)))
    most_T = np.max([simple_T, *(simple_T + part for part in [*shared, sum(shared)])], axis=0)
    return most_T + total_T * np.sqrt(2 / freedom_T) / 4, freedom_T
