"""Settings of `temper compare` on two models."""

from typing import Annotated

from pydantic import Field, NonNegativeInt

from temper.config.sections import (
    BudgetConfig,
    ProblemsConfig,
    RunConfig,
    Section,
    TargetConfig,
)


class CompareConfig(Section):
    """How hard both sides are searched, and what they are asked."""

    queries: NonNegativeInt = 2_000
    """Of each fresh search, two against each side; 0: none, and then no gain is called real."""
    attacks: Annotated[int, Field(ge=2)] = 50
    """The best of each search, measured on both sides."""
    problems: Annotated[int, Field(ge=2)] = 10
    """Unseen problems for each attack."""
    items: Annotated[int, Field(ge=12)] = 300
    """Prompts of each suite."""


class CompareRun(Section):
    """Everything that decides a comparison of two models."""

    run: RunConfig = RunConfig()
    before: TargetConfig
    after: TargetConfig
    red: TargetConfig | None = None
    """The model that writes attacks; None: the first side, against both."""
    budget: BudgetConfig = BudgetConfig()
    problems: ProblemsConfig = ProblemsConfig()
    compare: CompareConfig = CompareConfig()
