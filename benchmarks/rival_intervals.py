"""Other intervals for a corrected rate from the same audit: what temper's are measured against."""

import sys
from importlib import import_module
from pathlib import Path

import numpy as np
from scipy import stats
from simulated_audits import Cell, Drawn, Ends, draw, random_audit

from temper.stats.intervals import clusters_worth
from temper.stats.judge import rogan_gladen_of
from temper.stats.proportion import LEVEL, NORMAL, Floats, score_bounds
from temper.stats.two_phase import TwoPhase, summarise


def rivals(drawn: Drawn, seen_TN: Floats, inclusion_TN: Floats, two: TwoPhase) -> dict[str, Ends]:
    """Other intervals from the same audit, a simple random sample."""
    starts_K, verdict_TN = drawn.grouping.starts_K, drawn.verdict_TN.astype(np.float64)
    attempts, clusters, audited_TN = verdict_TN.shape[1], two.clusters, ~np.isnan(seen_TN)
    audit, critical = int(audited_TN[0].sum()), float(stats.t.ppf(0.5 + LEVEL / 2, clusters - 1))
    scale = clusters / (clusters - 1) / attempts**2
    # prediction-powered inference as ppi-python has it, for independent attempts
    tuning_T, middle_T, imputed_T, rectifier_T = prediction_powered(verdict_TN, seen_TN, audit)
    shared_TK = np.add.reduceat(verdict_TN - two.share_ST[1][:, None], starts_K, axis=1)
    clustered_T = tuning_T**2 * (shared_TK**2).sum(axis=1) * scale
    # one cluster-robust variance of the whole estimate
    own_TN = np.where(drawn.verdict_TN, two.rate_ST[1][:, None], two.rate_ST[0][:, None])
    counts_ST = np.stack(
        [(audited_TN & ~drawn.verdict_TN).sum(axis=1), (audited_TN & drawn.verdict_TN).sum(axis=1)]
    )
    weight_ST = two.share_ST * attempts / np.maximum(counts_ST, 1)
    weight_TN = np.where(drawn.verdict_TN, weight_ST[1][:, None], weight_ST[0][:, None])
    influence_TN = (
        own_TN - two.value_T[:, None] + weight_TN * np.where(audited_TN, seen_TN - own_TN, 0)
    )
    robust_T = (np.add.reduceat(influence_TN, starts_K, axis=1) ** 2).sum(axis=1) * scale
    spread_T = two.value_T * (1 - two.value_T)
    effective_T = np.where(spread_T > 0, spread_T / np.maximum(robust_T, 1e-12), clusters)
    told = summarise(drawn.verdict_TN, verdict_TN, np.ones(verdict_TN.shape), [drawn.grouping])
    return {
        "ppi-python": around(middle_T, NORMAL, imputed_T + rectifier_T),
        "the same, clusters in the big sample": around(middle_T, NORMAL, clustered_T + rectifier_T),
        "cluster-robust t": around(two.value_T, critical, robust_T),
        "score at the effective n": score_bounds(two.value_T, effective_T, critical),
        "Rogan-Gladen": rogan_gladen_of(
            drawn.verdict_TN, seen_TN, inclusion_TN, clusters_worth(told), two
        )[1:],
    }


def around(middle_T: Floats, critical: float, variance_T: Floats) -> Ends:
    return middle_T - critical * np.sqrt(variance_T), middle_T + critical * np.sqrt(variance_T)


def prediction_powered(
    verdict_TN: Floats, seen_TN: Floats, audit: int
) -> tuple[Floats, Floats, Floats, Floats]:
    """Tuning, estimate and both variances of `ppi_py.ppi_mean_ci`, for many trials at once."""
    audited_TN = ~np.isnan(seen_TN)
    others = verdict_TN.shape[1] - audit
    truth_TN, told_TN = np.where(audited_TN, seen_TN, 0), np.where(audited_TN, verdict_TN, 0)
    truth_T, told_T = truth_TN.sum(axis=1) / audit, told_TN.sum(axis=1) / audit
    other_T = (verdict_TN.sum(axis=1) - told_T * audit) / max(others, 1)
    covariance_T = (truth_TN * told_TN).sum(axis=1) / audit - truth_T * told_T
    variance_T = (1 + audit / max(others, 1)) * verdict_TN.var(axis=1, ddof=1)
    tuning_T = np.clip(covariance_T / np.maximum(variance_T, 1e-12), 0, 1)
    middle_T = tuning_T * other_T + truth_T - tuning_T * told_T
    square_T = ((truth_TN - tuning_T[:, None] * told_TN) ** 2).sum(axis=1) / audit
    rectifier_T = (square_T - (truth_T - tuning_T * told_T) ** 2) / audit
    return tuning_T, middle_T, tuning_T**2 * other_T * (1 - other_T) / max(others, 1), rectifier_T


def check_against_ppi_python(generator: np.random.Generator) -> str:
    # numba, behind ppi-python, takes any module named coverage for the package of that name
    here, path = str(Path(__file__).parent), list(sys.path)
    sys.path[:] = [folder for folder in path if folder != here]
    try:
        ppi_mean_ci = import_module("ppi_py").ppi_mean_ci
    except ImportError as error:
        return f"ppi-python itself was not run ({error}); its column is our copy of its formula."
    finally:
        sys.path[:] = path
    drawn, worst = draw(Cell(0.8, 0.8, 0.3, 0.1), 20, generator), 0.0
    audited_TN, _ = random_audit(drawn, 200)
    verdict_TN = drawn.verdict_TN.astype(np.float64)
    _, middle_T, imputed_T, rectifier_T = prediction_powered(
        verdict_TN, np.where(audited_TN, drawn.truth_TN, np.nan), 200
    )
    low_T, high_T = around(middle_T, NORMAL, imputed_T + rectifier_T)
    for place, seen_N in enumerate(audited_TN):
        low, high = ppi_mean_ci(
            drawn.truth_TN[place][seen_N],
            verdict_TN[place][seen_N],
            verdict_TN[place][~seen_N],
            alpha=0.05,
        )
        worst = max(worst, abs(float(low[0]) - low_T[place]), abs(float(high[0]) - high_T[place]))
    return f"Our copy of its formula against ppi-python, 20 draws: largest difference {worst:.0e}."


def bootstraps(drawn: Drawn, seen_TN: Floats, generator: np.random.Generator) -> tuple[Ends, Ends]:
    """Percentile and studentised bootstrap of whole clusters; R resamples serve all trials."""
    starts_K = drawn.grouping.starts_K
    clusters = len(starts_K)
    audited_TN, hit_TN = ~np.isnan(seen_TN), drawn.verdict_TN
    columns = [~hit_TN, hit_TN, audited_TN & ~hit_TN, audited_TN & hit_TN]
    columns += [(seen_TN == 1) & ~hit_TN, (seen_TN == 1) & hit_TN]
    sums_XTK = np.stack(
        [np.add.reduceat(column_TN.astype(np.float64), starts_K, axis=1) for column_TN in columns]
    )
    times_RK = generator.multinomial(clusters, np.full(clusters, 1 / clusters), 400).astype(
        np.float64
    )
    value_T, error_T = [found[0] for found in resampled(sums_XTK, np.ones((1, clusters)))]
    value_RT, error_RT = resampled(sums_XTK, times_RK)
    tails = ((1 - LEVEL) / 2, (1 + LEVEL) / 2)
    low_T, high_T = np.quantile(value_RT, tails, axis=0)
    student_RT = (value_RT - value_T) / np.maximum(error_RT, 1e-9)
    under_T, over_T = np.quantile(student_RT, tails, axis=0)
    ends = (np.maximum(value_T - over_T * error_T, 0), np.minimum(value_T - under_T * error_T, 1))
    return (low_T, high_T), ends


def resampled(sums_XTK: Floats, times_RK: Floats) -> tuple[Floats, Floats]:
    """Estimate and cluster-robust standard error with each cluster counted so many times."""
    clusters = sums_XTK.shape[2]
    all_SRT, audited_SRT, true_SRT = np.einsum("xtk,rk->xrt", sums_XTK, times_RK).reshape(
        3, 2, len(times_RK), -1
    )
    rate_SRT = true_SRT / np.maximum(audited_SRT, 1)
    value_RT = (all_SRT * rate_SRT).sum(axis=0) / all_SRT.sum(axis=0)
    part_STK = sums_XTK.reshape(3, 2, *sums_XTK.shape[1:])
    square_RT = np.zeros_like(value_RT)
    for r, times_K in enumerate(times_RK):
        weight_ST = all_SRT[:, r] / np.maximum(audited_SRT[:, r], 1)
        rate_ST = rate_SRT[:, r]
        influence_TK = (
            (rate_ST - value_RT[r])[:, :, None] * part_STK[0]
            + weight_ST[:, :, None] * (part_STK[2] - rate_ST[:, :, None] * part_STK[1])
        ).sum(axis=0)
        square_RT[r] = (influence_TK**2 * times_K).sum(axis=1)
    return value_RT, np.sqrt(square_RT * clusters / (clusters - 1)) / all_SRT.sum(axis=0)


def inverted(two: TwoPhase) -> Ends:
    """All rates that a score test does not refute, its variance taken at the rate tested."""
    critical_T = np.asarray(stats.t.ppf(0.5 + LEVEL / 2, two.freedom_T))
    smooth_ST = (two.rate_ST * two.audited_ST + 1) / (two.audited_ST + 2)
    error_ST = two.share_ST * smooth_ST * (1 - smooth_ST) / np.maximum(two.audited_ST, 1e-9)
    slope_ST = error_ST / (two.share_ST * error_ST).sum(axis=0)
    low_T, high_T = two.value_T.copy(), two.value_T.copy()
    for rate in np.linspace(0, 1, 401):
        rate_ST = np.clip(two.rate_ST + (rate - two.value_T) * slope_ST, 0, 1)
        within_ST = two.share_ST**2 * rate_ST * (1 - rate_ST) / np.maximum(two.audited_ST, 1e-9)
        variance_T = within_ST.sum(axis=0) + rate * (1 - rate) / clusters_worth(two)
        kept_T = (two.value_T - rate) ** 2 <= critical_T**2 * variance_T
        low_T = np.where(kept_T, np.minimum(low_T, rate), low_T)
        high_T = np.where(kept_T, np.maximum(high_T, rate), high_T)
    return low_T, high_T
