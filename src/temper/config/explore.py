"""The settings of `temper explore`: what is asked, what is kept, and how few are chosen."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, JsonValue, NonNegativeInt, PositiveInt, model_validator

from temper.config.sections import FREE, BudgetConfig, RunConfig, Section, TargetConfig

ExploreSource = Literal["unprompted", "prompts", "openings"]
ExploreMethod = Literal["kmeans", "farthest"]


class ExploreConfig(Section):
    """From a target to a diverse subset of what it says."""

    draws: Annotated[PositiveInt, Field(json_schema_extra=FREE)] = 2_000
    """Responses drawn from the target, over all rounds."""
    source: ExploreSource = "unprompted"
    """The target alone, the user's prompts, or openings that it goes on from."""
    file: str | None = None
    """The prompts or openings: .txt (one a line), JSONL, CSV or parquet."""
    column: str = "text"
    """Of a table, here and in `like`."""
    frame: Literal["auto", "chat", "raw"] = "auto"
    """How prompts are put; "auto": as a user's message where the target has a chat template."""
    part: Literal["response", "beginning", "first", "sentences"] = "response"
    """What is shown and judged: the whole response, the same though it may be cut off, its first
    sentence, or every sentence."""
    max_tokens: PositiveInt = 40
    temperature: Annotated[float, Field(ge=0)] | None = None
    """None: the target's own sampling."""
    top_p: Annotated[float, Field(gt=0, le=1)] | None = None
    top_k: NonNegativeInt | None = None
    no_repeat: PositiveInt | None = None
    """No run of so many tokens comes twice; local targets only."""
    rounds: PositiveInt = 1
    """After the first, draws start from openings of thinly covered clusters."""
    suspect: str | None = None
    """A run with a measure: later rounds start from the clusters that it suspects instead."""
    min_words: PositiveInt = 4
    statements: bool = False
    """Keep only what ends in a full stop and has no pronoun."""
    like: str | None = None
    """Texts of the kind the concern is about; a filter trained on them drops the least like."""
    drop_share: Annotated[float, Field(gt=0, lt=1)] = 0.15
    """Share of the first round's texts that the filter drops."""
    embed: str = "target"
    """The target's own states, or the folder of an encoder checkpoint."""
    pooling: Literal["mean", "last"] = "mean"
    """One vector a text: the mean over its tokens, or the state of the last one."""
    clusters: Annotated[int, Field(ge=2)] = 20
    method: ExploreMethod = "kmeans"
    """"kmeans": equal draws from every cluster; "farthest": texts far from all chosen ones."""
    kept: PositiveInt = 200
    """Texts of the diverse subset."""

    @model_validator(mode="after")
    def _name_a_file_where_one_is_read(self) -> Self:
        if self.source != "unprompted" and self.file is None:
            raise ValueError(f"source is {self.source!r}: name their file as explore.file")
        if self.suspect is not None and self.rounds == 1:
            raise ValueError("suspect says where later rounds look: set rounds to 2 or more")
        if self.rounds > self.draws:
            raise ValueError("rounds: at most one a draw")
        return self

    def asked(self) -> dict[str, Any]:
        """The settings that decide what the target is asked in the first round."""
        names = ("source", "file", "column", "frame", "max_tokens", "temperature", "top_p", "top_k")
        return {name: getattr(self, name) for name in (*names, "no_repeat")}


class ExploreRun(Section):
    """Everything that decides a run of `temper explore`."""

    run: RunConfig = RunConfig()
    target: TargetConfig = TargetConfig()
    budget: BudgetConfig = BudgetConfig()
    concern: dict[str, JsonValue] = Field(default_factory=dict)
    """What the user worries about; its `text` heads the page."""
    explore: ExploreConfig = ExploreConfig()
