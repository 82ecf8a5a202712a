"""A run's settings: one section per stage, TOML in and TOML out, nothing unknown accepted."""

from temper.config.ladder import LadderConfig, LadderRun, Rung
from temper.config.loading import (
    dump_config,
    load_campaign,
    load_config,
    parse_replay,
    parse_sections,
    parse_setting,
)
from temper.config.robustness import OverloadConfig, SuiteConfig, SuiteRun
from temper.config.sections import (
    ArithmeticCampaign,
    AttackConfig,
    AttackerName,
    CampaignConfig,
    Config,
    Dtype,
    MeasureConfig,
    OperatorName,
    ProblemsConfig,
    ReplayConfig,
    ReplayRun,
    ReportConfig,
    RunConfig,
    TargetConfig,
)

__all__ = [
    "ArithmeticCampaign",
    "AttackConfig",
    "AttackerName",
    "CampaignConfig",
    "Config",
    "Dtype",
    "LadderConfig",
    "LadderRun",
    "MeasureConfig",
    "OperatorName",
    "OverloadConfig",
    "ProblemsConfig",
    "ReplayConfig",
    "ReplayRun",
    "ReportConfig",
    "RunConfig",
    "Rung",
    "SuiteConfig",
    "SuiteRun",
    "TargetConfig",
    "dump_config",
    "load_campaign",
    "load_config",
    "parse_replay",
    "parse_sections",
    "parse_setting",
]
