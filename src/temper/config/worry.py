"""A whole run from a worry to a measure: what `temper init` writes and `temper run` reads."""

from typing import Annotated, Literal, Self

from pydantic import Field, NonNegativeInt, PositiveInt, model_validator

from temper.config.concern import ConcernConfig, EstablishConfig, MeasureReportConfig
from temper.config.exploit import ExploitConfig
from temper.config.explore import ExploreConfig
from temper.config.harden import TalkingHardenConfig
from temper.config.sections import (
    FREE,
    BudgetConfig,
    RunConfig,
    Section,
    TargetConfig,
)

Labeller = Literal["people", "oracle", "judge", "classifier", "file", "words"]


class LabelConfig(Section):
    """Who labels the chosen texts."""

    by: Labeller = "people"
    """"people": the run waits until there are labels."""
    name: str | None = None
    """The annotator's name; None: the model's, or that of the oracle."""
    items: PositiveInt = 400
    """Labels asked for, of the chosen texts."""
    each: PositiveInt = 1
    """How many people shall label each of them."""
    oracle: str | None = None
    """almanac/truth, almanac/rude, almanac/stance or almanac/content."""
    noise: Annotated[float, Field(ge=0, le=1)] = 0.0
    """Share of an oracle's labels that are wrong: a simulated annotator."""
    asked: NonNegativeInt = 0
    """Labels beyond `items`, of explored texts that were not chosen: those that the measure so far
    is least sure of, from all clusters. They are only trained on."""
    asked_rounds: PositiveInt = 4
    """In so many rounds, after each of which the measure learns anew."""
    again: NonNegativeInt = 0
    """Of the items, how many a second simulated annotator labels too."""
    seconds: Annotated[float, Field(gt=0)] | None = None
    """Median time of the simulated annotator for an item."""
    seed: NonNegativeInt = 0
    """Of the simulated annotator."""
    judge: str | None = None
    """The model that judges."""
    rubric: str = "judge_truth"
    """A text file with the slot {statement}, or the shipped one."""
    reading: Literal["parsed", "weighed"] = "parsed"
    classifier: str | None = None
    """A sequence classifier's folder."""
    classes: tuple[str, ...] = ()
    """Its classes whose probabilities are summed."""
    threshold: Annotated[float, Field(ge=0, le=1)] = 0.5
    at_or_above: str | None = None
    """The label from the threshold on, or where one of the words stands."""
    below: str | None = None
    """The label of all else."""
    words: tuple[str, ...] = ()
    """A rule: whole words without regard to case; "cr*" is any word that begins so."""
    file: str | None = None
    """A table with labelled texts, which need not be the target's: CSV, JSONL, parquet or a
    data-set folder; or almanac/elsewhere, sentences about another land than the almanac's."""
    text_column: str = "text"
    label_column: str = "label"
    map: dict[str, str] = Field(default_factory=dict)
    """A value of the label column to the label that it means; others are taken as they are."""

    @model_validator(mode="after")
    def _name_what_labels(self) -> Self:
        if self.by in ("oracle", "judge", "classifier", "file") and getattr(self, self.by) is None:
            raise ValueError(f"by is {self.by!r}: name it as label.{self.by}")
        if self.asked and self.by in ("people", "file"):
            raise ValueError("asked is not of people or files: `temper label` asks people in order")
        if self.again and self.by != "oracle":
            raise ValueError("again is of oracles; for people, each says how many label an item")
        if self.again and not (self.noise or self.seconds or self.name):
            raise ValueError("again: an oracle without noise says the same again; set label.noise")
        chosen = self.classes and self.at_or_above and self.below
        if self.by == "words" and not (self.words and self.at_or_above and self.below):
            raise ValueError("by is 'words': name words, at_or_above and below")
        if self.by == "classifier" and not chosen:
            raise ValueError("by is 'classifier': name classes, at_or_above and below too")
        return self


class WorryReportConfig(MeasureReportConfig):
    title: str = "From a worry to a measure"


class WorryRun(Section):
    """Everything that decides a run from a worry to a measure."""

    run: RunConfig = RunConfig()
    target: TargetConfig = TargetConfig()
    budget: BudgetConfig = BudgetConfig()
    """Of exploring, labelling by a judge and attacking together, over all calls on the run;
    hardening trains what runs here."""
    concern: ConcernConfig
    explore: ExploreConfig = ExploreConfig()
    label: LabelConfig = LabelConfig()
    establish: EstablishConfig = EstablishConfig()
    exploit: ExploitConfig | None = None
    """None: the run ends with the measure."""
    harden: TalkingHardenConfig | None = None
    """After the attack, train the target against it; the result stands in the folder hardened."""
    report: WorryReportConfig = Field(default=WorryReportConfig(), json_schema_extra=FREE)

    @model_validator(mode="after")
    def _label_what_rounds_bring(self) -> Self:
        if self.label.by == "file" and self.exploit is not None and self.exploit.rounds > 1:
            raise ValueError("exploit.rounds asks for labels of new texts, which no file has")
        return self
