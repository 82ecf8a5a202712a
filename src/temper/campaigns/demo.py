"""The demonstration: small enough for a minute, otherwise an ordinary arithmetic run."""

from temper.config import AttackConfig, Config, MeasureConfig, ReportConfig, RunConfig, TargetConfig


def demo_config(seed: int) -> Config:
    """The shipped model, a search of 1,600 queries for each attacker, a short measurement."""
    return Config(
        run=RunConfig(seed=seed),
        target=TargetConfig(name="abacus-s"),
        attack=AttackConfig(max_queries=1_600),
        measure=MeasureConfig(problems=24, max_attacks=40, proposed=12, clean_problems=100),
        report=ReportConfig(title="Demonstration: abacus-s under attack"),
    )
