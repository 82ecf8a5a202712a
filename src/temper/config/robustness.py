"""Settings of `temper suite`: what is asked, how often, and how far the overload curve goes."""

from typing import Annotated, Literal

from pydantic import Field

from temper.config.sections import (
    FREE,
    BudgetConfig,
    ProblemsConfig,
    RunConfig,
    Section,
    TargetConfig,
)

SuiteName = Literal[
    "clean",
    "random_templating",
    "word_problems",
    "sequence_copying",
    "lookups",
    "held_out_pirs",
    "ood",
    "independent_red",
    "sycophancy",
    "overload",
]
ALL_SUITES: tuple[SuiteName, ...] = SuiteName.__args__
Filler = Literal["false", "true", "other", "neutral"]


class SuiteConfig(Section):
    """Which suites, and how many items of each."""

    suites: Annotated[tuple[SuiteName, ...], Field(min_length=1, json_schema_extra=FREE)] = (
        ALL_SUITES
    )
    items: Annotated[int, Field(ge=12)] = 500
    """Items of each suite, in equal shares of its parts."""


class OverloadConfig(Section):
    """The curve of context overload."""

    copies: Annotated[int, Field(ge=1)] = 1_024
    """The largest number of copies; the curve ends early where the window does."""
    problems: Annotated[int, Field(ge=2)] = 24
    """One-digit problems behind every point of the curve."""
    fillers: Annotated[tuple[Filler, ...], Field(min_length=1)] = ("false", "true", "neutral")
    """What is repeated: the false equation, and controls."""


class SuiteRun(Section):
    """Everything that decides a run of `temper suite arithmetic`."""

    run: RunConfig = RunConfig()
    target: TargetConfig = TargetConfig()
    budget: BudgetConfig = BudgetConfig()
    problems: ProblemsConfig = ProblemsConfig()
    suite: SuiteConfig = SuiteConfig()
    overload: OverloadConfig = OverloadConfig()
