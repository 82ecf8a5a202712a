"""Everything that turns counts into a figure; `docs/numbers.md` explains each to a reader."""

from temper.stats.allocation import JudgeGuess
from temper.stats.audit import AuditPlan, draw_audit, plan_audit
from temper.stats.correction import (
    FEWEST_CLUSTERS,
    CorrectedRate,
    Estimand,
    Note,
    corrected_rate,
)
from temper.stats.judge import rogan_gladen
from temper.stats.looks import (
    Watch,
    adjusted_p_values,
    bernoulli_sequence,
    mean_sequence,
    watch_until_narrow,
)
from temper.stats.paired import (
    Arm,
    PairedDifference,
    mcnemar_test,
    mean_of,
    paired_difference,
    sign_flip_test,
)
from temper.stats.power_law import PowerLaw, fit_power_law, mean_band
from temper.stats.proportion import (
    LEVEL,
    Estimate,
    Interval,
    clustered_proportion,
    highest_rate_without_hit,
    hit_at_k,
    wilson,
)
from temper.stats.richness import Richness, chao1, chao2
from temper.stats.survival import SurvivalCurve, log_rank_test, survival_to_first_hit
from temper.stats.unpaired import Difference, independent_difference, repeated_difference

__all__ = [
    "FEWEST_CLUSTERS",
    "LEVEL",
    "Arm",
    "AuditPlan",
    "CorrectedRate",
    "Difference",
    "Estimand",
    "Estimate",
    "Interval",
    "JudgeGuess",
    "Note",
    "PairedDifference",
    "PowerLaw",
    "Richness",
    "SurvivalCurve",
    "Watch",
    "adjusted_p_values",
    "bernoulli_sequence",
    "chao1",
    "chao2",
    "clustered_proportion",
    "corrected_rate",
    "draw_audit",
    "fit_power_law",
    "highest_rate_without_hit",
    "hit_at_k",
    "independent_difference",
    "log_rank_test",
    "mcnemar_test",
    "mean_band",
    "mean_of",
    "mean_sequence",
    "paired_difference",
    "plan_audit",
    "repeated_difference",
    "rogan_gladen",
    "sign_flip_test",
    "survival_to_first_hit",
    "watch_until_narrow",
    "wilson",
]
