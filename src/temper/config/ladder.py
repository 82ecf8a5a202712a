"""Settings of `temper ladder`: which rungs, and how hard each is attacked."""

from typing import Annotated, Literal

from pydantic import Field, PositiveInt

from temper.config.sections import (
    FREE,
    BudgetConfig,
    ProblemsConfig,
    RunConfig,
    Section,
    TargetConfig,
)

Rung = Literal["none", "prompt", "revise1", "revise2", "ground", "abstain", "guard"]
RUNGS: tuple[Rung, ...] = ("none", "prompt", "revise1", "revise2", "ground", "abstain", "guard")


class LadderConfig(Section):
    """Every rung on the same attacks, on fresh ones against it, on strange ones, and in use."""

    concern: Literal["arithmetic", "almanac"] = "arithmetic"
    rungs: Annotated[tuple[Rung, ...], Field(min_length=1, json_schema_extra=FREE)] = RUNGS
    queries: PositiveInt = 1_000
    """Of the fresh search against each rung; a mitigated target counts one a prompt."""
    attacks: Annotated[int, Field(ge=1)] = 20
    """The best of a search, measured on problems that it never saw."""
    problems: Annotated[int, Field(ge=2)] = 20
    """Measured for each attack."""
    items: Annotated[int, Field(ge=5)] = 200
    """Prompts of each suite: out of distribution, and in use."""
    constitution: str | None = None
    """Of the reviser, shipped or a text file; None: arithmetic, or on claims truthfulness."""
    samples: Annotated[int, Field(ge=2)] = 5
    """Answers that must agree where a rung abstains."""
    tries: PositiveInt = 3
    """Further answers that a guard draws."""
    adaptive: bool = True
    """Beside the plain search, one whose texts also speak to the reviser."""


class LadderRun(Section):
    """Everything that decides a run of `temper ladder`."""

    run: RunConfig = RunConfig()
    target: TargetConfig = TargetConfig()
    red: TargetConfig | None = None
    """The model that writes attacks; None: the target itself."""
    reviser: TargetConfig | None = None
    """The model that revises and grades; None: the target itself."""
    budget: BudgetConfig = BudgetConfig()
    problems: ProblemsConfig = ProblemsConfig()
    ladder: LadderConfig = LadderConfig()
