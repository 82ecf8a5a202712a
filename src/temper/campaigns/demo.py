"""The demonstration: small enough for two minutes, otherwise an ordinary run and its hardening."""

from pathlib import Path

from temper.config import (
    AttackConfig,
    Config,
    HardenConfig,
    HardenRun,
    MeasureConfig,
    ReportConfig,
    RunConfig,
    TargetConfig,
    TuneConfig,
)

TARGET = "abacus-s"


def demo_config(seed: int) -> Config:
    """The shipped model, a search of 1,600 queries for each attacker, a short measurement."""
    return Config(
        run=RunConfig(seed=seed),
        target=TargetConfig(name=TARGET),
        attack=AttackConfig(max_queries=1_600),
        measure=MeasureConfig(problems=24, max_attacks=40, proposed=12, clean_problems=100),
        report=ReportConfig(title="Demonstration: abacus-s under attack"),
    )


def demo_hardening(source: Path, seed: int) -> HardenRun:
    """A short fine-tuning on what the demonstration found, and small searches before and after."""
    return HardenRun(
        run=RunConfig(seed=seed),
        source=str(source),
        target=TargetConfig(name=TARGET),
        harden=HardenConfig(
            rows=800,
            sft=TuneConfig(steps=30, save_every=30),
            measured=15,
            problems=6,
            items=60,
            curve_items=0,
            queries=640,
        ),
    )
