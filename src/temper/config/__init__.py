"""A run's settings: one section per stage, TOML in and TOML out, nothing unknown accepted."""

from temper.config.explore import ExploreConfig, ExploreMethod, ExploreRun, ExploreSource
from temper.config.loading import (
    dump_config,
    load_campaign,
    load_config,
    load_explore,
    parse_replay,
    parse_setting,
)
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
    "ExploreConfig",
    "ExploreMethod",
    "ExploreRun",
    "ExploreSource",
    "MeasureConfig",
    "OperatorName",
    "ProblemsConfig",
    "ReplayConfig",
    "ReplayRun",
    "ReportConfig",
    "RunConfig",
    "TargetConfig",
    "dump_config",
    "load_campaign",
    "load_config",
    "load_explore",
    "parse_replay",
    "parse_setting",
]
