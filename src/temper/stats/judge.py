"""How often the judge errs, and the rate that follows from its errors: a cross-check."""

import numpy as np

from temper.stats.proportion import NORMAL, Bools, Estimate, Floats, Interval, score_bounds
from temper.stats.two_phase import TINY, TwoPhase


def rogan_gladen(
    raw: Floats | float,
    raw_n: Floats | float,
    sensitivity: Floats | float,
    sensitivity_n: Floats | float,
    specificity: Floats | float,
    specificity_n: Floats | float,
) -> tuple[Floats, Floats, Floats]:
    """True rate behind a raw one, with the errors of all three inputs; elementwise.

    Unlike an audit of the attempts themselves it trusts that the judge errs on these attempts as it
    did where it was tested, and it needs sensitivity + specificity well above 1.

    Args:
        raw: share of attempts that the judge called hits.
        raw_n: attempts, or the effective number where they are clustered.
        sensitivity: share of true hits that the judge calls hits.
        sensitivity_n: true hits that it was measured on.
        specificity: share of true safes that the judge calls safe.
        specificity_n: true safes that it was measured on.

    Returns:
        The corrected rate and both ends of its 95 % interval, in [0, 1]; [0, 1] where the judge
        does no better than chance.

    Source:
        Rogan and Gladen 1978; interval of Lang and Reiczigel 2014, Confidence limits for prevalence
        of disease adjusted for estimated sensitivity and specificity. The rate itself is theirs
        without the added counts.
    """
    square = NORMAL**2
    n, hits_n, safes_n = raw_n + square, sensitivity_n + 2, specificity_n + 2
    seen = (raw_n * raw + square / 2) / n
    caught = (sensitivity_n * sensitivity + 1) / hits_n
    cleared = (specificity_n * specificity + 1) / safes_n
    better = np.maximum(caught + cleared - 1, 1e-9)
    middle = np.clip((seen + cleared - 1) / better, 0, 1)
    caught_part = caught * (1 - caught) / hits_n
    cleared_part = cleared * (1 - cleared) / safes_n
    shift = 2 * square * (middle * caught_part - (1 - middle) * cleared_part)
    variance = (
        seen * (1 - seen) / n + middle**2 * caught_part + (1 - middle) ** 2 * cleared_part
    ) / better**2
    reach = NORMAL * np.sqrt(variance)
    chance = np.asarray(sensitivity + specificity) <= 1
    value = np.clip(
        (raw + specificity - 1) / np.where(chance, 1, sensitivity + specificity - 1), 0, 1
    )
    low = np.where(chance, 0.0, np.clip(middle + shift - reach, 0, 1))
    high = np.where(chance, 1.0, np.clip(middle + shift + reach, 0, 1))
    return np.where(chance, raw, value), low, high


def rogan_gladen_of(
    verdict_TN: Bools, truth_TN: Floats, inclusion_TN: Floats, raw_n_T: Floats, two: TwoPhase
) -> tuple[Floats, Floats, Floats]:
    """Rogan and Gladen's rate, with the judge's errors as the audit's weights alone give them.

    Calibrated to the shares of the verdicts they would return the corrected rate itself, and check
    nothing.

    Args:
        verdict_TN: the fallible verdict.
        truth_TN: 1 for a true hit, 0 for none, not a number where not audited.
        inclusion_TN: chance of being audited; read where audited.
        raw_n_T: effective number of attempts behind the raw rate; without limit where the attempts
            themselves are meant.
        two: the same attempts, summarised.

    Returns:
        As `rogan_gladen`; meaningful where both true hits and true safes were audited.
    """
    audited_TN = ~np.isnan(truth_TN)
    weight_TN = np.where(audited_TN, 1 / np.where(audited_TN, inclusion_TN, 1), 0)
    hits_TN = weight_TN * (truth_TN == 1)
    safes_TN = weight_TN * (truth_TN == 0)
    caught_T = (hits_TN * verdict_TN).sum(axis=1) / np.maximum(hits_TN.sum(axis=1), TINY)
    cleared_T = (safes_TN * ~verdict_TN).sum(axis=1) / np.maximum(safes_TN.sum(axis=1), TINY)
    audited_ST = np.maximum(two.audited_ST, TINY)
    safe_T, hit_T = two.share_ST**2 * two.rate_ST * (1 - two.rate_ST) / audited_ST
    caught_error_T = hit_T * (1 - caught_T) ** 2 + safe_T * caught_T**2
    cleared_error_T = safe_T * (1 - cleared_T) ** 2 + hit_T * cleared_T**2
    caught_n_T = caught_T * (1 - caught_T) * two.value_T**2 / np.maximum(caught_error_T, TINY)
    cleared_n_T = (
        cleared_T * (1 - cleared_T) * (1 - two.value_T) ** 2 / np.maximum(cleared_error_T, TINY)
    )
    # an audit without a single miss shows no variance: then the number audited is what is known
    hits_T, safes_T = (hits_TN > 0).sum(axis=1), (safes_TN > 0).sum(axis=1)
    caught_n_T = np.where(caught_error_T > TINY, np.minimum(caught_n_T, hits_T), hits_T)
    cleared_n_T = np.where(cleared_error_T > TINY, np.minimum(cleared_n_T, safes_T), safes_T)
    raw_T = two.share_ST[1]
    return rogan_gladen(raw_T, raw_n_T, caught_T, caught_n_T, cleared_T, cleared_n_T)


def judge_shares(two: TwoPhase) -> tuple[Estimate | None, Estimate | None]:
    """Sensitivity and specificity on these attempts, with the audit's uncertainty.

    Shares of the verdicts and rates within them give both; their intervals join the changes that
    the ends of the rates' own intervals make (Zou and Donner 2008, as in `new_attacks`).

    Args:
        two: one audited collection.

    Returns:
        Sensitivity, None where no true hit is estimated; specificity, None where no true safe is.
    """
    value = float(two.value_T[0])
    return (
        _share_found(two, 1) if value > 0 else None,
        _share_found(two, 0) if value < 1 else None,
    )


def _share_found(two: TwoPhase, verdict: int) -> Estimate:
    share_S = two.share_ST[:, 0]
    low_S, high_S = (ends_ST[:, 0] for ends_ST in score_bounds(two.rate_ST, two.audited_ST))
    rate_S = two.rate_ST[:, 0]
    if not verdict:
        rate_S, low_S, high_S = 1 - rate_S, 1 - high_S, 1 - low_S

    def found(own: Floats, other: Floats) -> float:
        right = share_S[verdict] * own[verdict]
        return float(right / (right + share_S[1 - verdict] * other[1 - verdict]))

    value = found(rate_S, rate_S)
    below = np.hypot(value - found(low_S, rate_S), value - found(rate_S, high_S))
    above = np.hypot(found(high_S, rate_S) - value, found(rate_S, low_S) - value)
    return Estimate(
        value=value,
        interval=Interval(max(0.0, value - float(below)), min(1.0, value + float(above))),
    )
