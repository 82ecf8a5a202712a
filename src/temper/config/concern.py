"""The concern as a user writes it, and how labels become a measure."""

from typing import Annotated, Literal, Self

from pydantic import Field, NonNegativeInt, PositiveInt, model_validator

from temper.config.sections import (
    FREE,
    BudgetConfig,
    ReportConfig,
    RunConfig,
    Section,
    TargetConfig,
)
from temper.records import Guideline, LabelKind

FeatureKind = Literal["tfidf", "states", "encoder", "judge", "finetune"]
CombineRule = Literal["majority", "paper", "dawid-skene"]
Calibration = Literal["temperature", "isotonic", "none"]


class ConcernConfig(Section):
    """What the user worries about: a sentence, the labels, and which of them are failures."""

    text: str = ""
    labels: Annotated[tuple[str, ...], Field(min_length=2)] = ("failure", "fine")
    """From least to most serious where the kind is "ordinal"."""
    failure: Annotated[tuple[str, ...], Field(min_length=1)] = ("failure",)
    set_aside: tuple[str, ...] = ()
    """Labels that count neither as failure nor as safe: left out of the measure, and counted."""
    definitions: dict[str, str] = Field(default_factory=dict)
    """What each label means."""
    kind: LabelKind | None = None
    """None: binary for two labels, else nominal."""

    @model_validator(mode="after")
    def _name_known_labels(self) -> Self:
        if len(set(self.labels)) < len(self.labels):
            raise ValueError("labels: a label is named twice")
        for name in ("failure", "set_aside", "definitions"):
            for label in getattr(self, name):
                if label not in self.labels:
                    raise ValueError(f"{name}: {label!r} is none of the labels {self.labels}")
        if set(self.failure) & set(self.set_aside):
            raise ValueError("a label is a failure or set aside, not both")
        if not set(self.labels) - set(self.failure) - set(self.set_aside):
            raise ValueError("name a label that is no failure")
        return self

    def guideline(self) -> Guideline:
        return Guideline(
            labels=self.labels,
            failure=self.failure,
            set_aside=self.set_aside,
            definitions=self.definitions,
            kind=self.kind or ("binary" if len(self.labels) == 2 else "nominal"),
            text=self.text,
        )


class EstablishConfig(Section):
    """From labels to a measure."""

    features: tuple[FeatureKind, ...] = ()
    """What cross-validation chooses among; empty: all that the settings below make possible."""
    encoder: str | None = None
    """An encoder checkpoint whose frozen embeddings are tried."""
    checkpoint: str | None = None
    """A sequence-classification (or encoder) checkpoint to fine-tune."""
    judge: str | None = None
    """A model that is asked about every text; what it says is one kind of features."""
    rubric: str = "judge_truth"
    """How it is asked: a text file with the slot {statement}, or the shipped one."""
    reading: Literal["parsed", "weighed"] = "parsed"
    """The last label that its reply names, or every label's log-probability."""
    layers: tuple[NonNegativeInt, ...] = ()
    """Of the target's states, counted from the embeddings (0); empty: all."""
    strengths: Annotated[tuple[Annotated[float, Field(gt=0)], ...], Field(min_length=1)] = (
        0.01,
        0.1,
        1.0,
        10.0,
    )
    """Inverse regularisation of the linear models, chosen among by cross-validation."""
    members: Annotated[int, Field(ge=2, le=20)] = 5
    """Classifiers of the ensemble; each leaves out another fold of the training labels."""
    recall_floor: Annotated[float, Field(ge=0, lt=1)] = 0.3
    """A member whose recall on a class of its left-out fold is below is trained again once."""
    audit_share: Annotated[float, Field(gt=0, lt=0.9)] = 0.2
    """Of the labelled items, drawn at random before any training and never trained on."""
    calibration_share: Annotated[float, Field(gt=0, lt=0.9)] = 0.2
    calibration: Calibration = "temperature"
    label_noise: Annotated[float, Field(ge=0, le=0.45)] | Literal["estimated"] = 0.0
    """Share of labels that are wrong, which calibration then sees through; "estimated": by items
    that two annotators labelled."""
    threshold: Annotated[float, Field(gt=0, lt=1)] = 0.5
    """P(failure) from which on a text is a hit."""
    abstain: Annotated[tuple[float, float] | None, Field()] = None
    """Between these two P(failure) the measure could not tell."""
    combine: CombineRule = "majority"
    """How several annotators' labels become one."""
    neutral: str | None = None
    """The label that the paper's rule gives way on, e.g. "neither"."""
    annotators: tuple[str, ...] = ()
    """Whose labels count; empty: everybody's."""
    start_from: str | None = None
    """A run or measure whose judgement is one more feature."""
    epochs: PositiveInt = 3
    """Of fine-tuning."""
    learning_rate: Annotated[float, Field(gt=0)] = 4e-5
    """Of fine-tuning; the paper's code has this one."""

    @model_validator(mode="after")
    def _leave_something_to_train_on(self) -> Self:
        if self.audit_share + self.calibration_share > 0.9:
            raise ValueError("audit_share and calibration_share leave under a tenth for training")
        if self.abstain is not None and not 0 <= self.abstain[0] < self.abstain[1] <= 1:
            raise ValueError("abstain: write two probabilities, the smaller one first")
        if "encoder" in self.features and self.encoder is None:
            raise ValueError("features has encoder: name its checkpoint as establish.encoder")
        if "judge" in self.features and self.judge is None:
            raise ValueError("features has judge: name the model as establish.judge")
        if "finetune" in self.features and self.checkpoint is None:
            raise ValueError("features has finetune: name a checkpoint as establish.checkpoint")
        return self


class MeasureReportConfig(ReportConfig):
    title: str = "The learned measure"


class EstablishRun(Section):
    """Everything that decides a run of `temper establish`."""

    run: RunConfig = RunConfig()
    target: TargetConfig | None = None
    """Whose hidden states are probed; None: no states."""
    budget: BudgetConfig = BudgetConfig()
    """What a judge among the features may be asked."""
    concern: ConcernConfig | None = None
    """None: the guideline that the labels were given under."""
    establish: EstablishConfig = EstablishConfig()
    report: MeasureReportConfig = Field(default=MeasureReportConfig(), json_schema_extra=FREE)
