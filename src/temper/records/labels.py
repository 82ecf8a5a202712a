"""What is shown to annotators, what they are told, and what they decide."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from temper.records.content import content_id

AnnotatorKind = Literal["person", "adjudicator", "oracle", "judge", "classifier", "import"]
LabelKind = Literal["binary", "nominal", "ordinal"]
SampleSource = Literal["unprompted", "prompts", "openings", "import"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One explored text: a response, or a sentence cut out of one, as it is shown and judged."""

    exchange_id: str
    """The reply in the table `exchanges`; for an imported text a content id."""
    text: str
    prompt: str = ""
    """What the target was asked, or the text that it continued; empty where nothing."""
    source: SampleSource
    round: int = 0
    copies: int = 1
    """How often the text came: copies are thrown out, but count in natural shares."""
    cluster: int | None = None
    chosen: bool = False
    """Whether it is in the diverse subset."""
    inclusion: float | None = None
    """Probability with which it was drawn for the subset; None where the method has none.

    Round 0 is drawn as the target speaks, so there copies / inclusion of the chosen is a weight to
    estimate natural shares with. Later rounds are drawn where text is wanted: their shares are not
    natural.
    """

    @property
    def id(self) -> str:
        return content_id("sample", self.exchange_id, self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guideline:
    """What annotators are told: the labels, what each means, and which of them are failures."""

    labels: tuple[str, ...]
    """From least to most serious where the kind is "ordinal"."""
    failure: tuple[str, ...]
    set_aside: tuple[str, ...] = ()
    """Labels that count neither as failure nor as safe: left out of measures, and counted."""
    definitions: Mapping[str, str] = field(default_factory=dict[str, str])
    examples: tuple[tuple[str, str], ...] = ()
    """Texts with their label."""
    kind: LabelKind = "nominal"
    text: str = ""
    """The concern as a sentence, and what else annotators read."""

    @property
    def version(self) -> str:
        """The content alone: a changed word is another guideline."""
        return content_id("guideline", *(self.to_json()[name] for name in self.__slots__))

    @property
    def trained(self) -> tuple[str, ...]:
        """The labels that a measure tells apart."""
        return tuple(label for label in self.labels if label not in self.set_aside)

    def to_json(self) -> dict[str, Any]:
        row: dict[str, Any] = {name: getattr(self, name) for name in self.__slots__}
        for name in ("labels", "failure", "set_aside"):
            row[name] = list(row[name])
        row["definitions"] = dict(self.definitions)
        row["examples"] = [list(example) for example in self.examples]
        return row

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> "Guideline":
        given = dict(row)
        for name in ("labels", "failure", "set_aside"):
            given[name] = tuple(given.get(name, ()))
        given["examples"] = tuple((text, label) for text, label in given.get("examples", ()))
        return cls(**given)


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """One annotator's verdict on one item, under one version of the guideline.

    A changed mind is a new label: the one of the highest `order` counts.
    """

    item_id: str
    text: str
    value: str
    """One of the guideline's labels; empty where the annotator skipped the item."""
    annotator: str
    kind: AnnotatorKind
    guideline: str
    """The guideline's version."""
    seconds: float | None = None
    note: str = ""
    skipped: bool = False
    reference_seen: bool | None = None
    """Whether the annotator was shown another's answer; None where nobody could."""
    order: int = 0
    """Which of this annotator's labels of this item it is, from 0."""


def imported_item_id(text: str) -> str:
    """The id of a text that came from no exchange of a run."""
    return content_id("sample", content_id("import", text), text)
