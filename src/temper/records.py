"""What flows between the stages: frozen records that do little beyond naming themselves."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Role = Literal["system", "user", "assistant", "raw"]
Outcome = Literal["hit", "safe", "unknown"]
Reason = Literal["answered", "refused", "filtered", "no_answer", "ambiguous", "error"]
Split = Literal["search", "unseen"]
Selection = Literal["accepted", "best", "proposed", "control", "clean"]
AnnotatorKind = Literal["person", "oracle", "judge", "classifier", "import"]
LabelKind = Literal["binary", "nominal", "ordinal"]
SampleSource = Literal["unprompted", "prompts", "openings", "import"]


def content_id(*parts: object) -> str:
    """The first 24 hex digits of SHA-256 over the parts as JSON: equal content, equal id."""
    text = json.dumps(parts, ensure_ascii=True, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:24]


@dataclass(frozen=True, slots=True)
class Message:
    """One turn. Role "raw" is text to be continued, without any chat template."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a target is asked: a list of messages, or one raw text to continue."""

    messages: tuple[Message, ...]

    def __post_init__(self) -> None:
        if any(message.role == "raw" for message in self.messages) and len(self.messages) != 1:
            raise ValueError("a raw prompt is exactly one message")

    @classmethod
    def raw(cls, text: str) -> "Prompt":
        return cls((Message("raw", text),))

    @classmethod
    def user(cls, text: str) -> "Prompt":
        return cls((Message("user", text),))

    @property
    def is_raw(self) -> bool:
        return self.messages[0].role == "raw"

    @property
    def last(self) -> Message:
        return self.messages[-1]

    def to_list(self) -> list[dict[str, str]]:
        return [{"role": message.role, "content": message.text} for message in self.messages]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoding:
    """How an answer is drawn: `temperature` 0 is greedy, None is the target's own default."""

    max_tokens: int = 24
    temperature: float | None = 0.0
    top_p: float | None = None
    top_k: int | None = None
    """0 or None: no limit beyond the target's own."""
    stop: tuple[str, ...] = ()
    """The answer ends before the first of these strings."""
    no_repeat: int | None = None
    """No run of so many tokens occurs twice in prompt and answer; None: no such limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One prompt to put to a target: answers to draw (`decoding`) or answers to weigh (`answers`).

    The id is the hash of everything that decides the reply, so equal requests are asked once and
    the sampling noise can be drawn from it.
    """

    prompt: Prompt
    decoding: Decoding | None = None
    answers: tuple[str, ...] = ()
    """Given: the reply carries the log-probability of each as a whole answer, and no text."""
    sample: int = 0
    """Which of several draws of the same prompt this is."""
    scope: str = ""
    """Run seed, stage and target hash, filled in by the recording target."""

    @property
    def id(self) -> str:
        decoding = self.decoding and [
            self.decoding.max_tokens,
            self.decoding.temperature,
            self.decoding.top_p,
            self.decoding.top_k,
            list(self.decoding.stop),
        ]
        if decoding and self.decoding and self.decoding.no_repeat is not None:
            decoding.append(self.decoding.no_repeat)  # ids of requests without it stay as they were
        return content_id(
            self.scope, self.prompt.to_list(), decoding, list(self.answers), self.sample
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back for one request. An error is a reply with `error` set, never an exception."""

    request_id: str
    exchange_id: str | None = None
    """Where the recording target keeps it; None outside a run."""
    text: str | None = None
    """None where nothing was generated: an error, or answers were only weighed."""
    logprobs: tuple[float, ...] = ()
    """Natural logarithms, one for each of the request's answers."""
    finish: Literal["stop", "length", "filtered", "refused", "scored", "error"] = "stop"
    """"filtered" and "refused" are what a server itself says of its answer."""
    error: str | None = None
    tokens_in: int = 0
    tokens_out: int = 0
    seconds: float | None = None
    """This reply's share of the time its batch took; None when it was not timed."""


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
class Attack:
    """A text that some attacker proposes, with slots such as {x} that each problem fills anew."""

    text: str
    attacker: str
    operator: str = ""
    """How a red model was asked for it; empty where none was."""
    problem: str = ""
    """The one problem that it was searched for; empty where it shall work on any."""
    message: Role = "user"
    """The message of the prompt that the text goes into."""
    round: int = 0
    parents: tuple[str, ...] = ()
    """Ids of the exemplars that the attack was written after."""
    seed: int = 0

    @property
    def id(self) -> str:
        """The content alone: the same text found twice is the same attack."""
        return content_id(self.message, self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An attack as an attacker's search saw it: kept whether it was accepted or not."""

    attack: Attack
    accepted: bool
    reason: str
    """Why: "accepted", "replayed", "margin" (the score fell short), "screened" (it did on the first
    problems), "budget" (no queries were left), or the filter that refused it unasked."""
    score: float | None = None
    """Mean over the search problems of log p(wrong) - log p(right), in nats; None if unscored."""
    order: int = 0
    """Place in the attacker's sequence of proposals, from 0."""
    queries: int = 0
    """Target queries that the search had spent when this candidate was decided."""
    void: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One attack put to one target on one problem; the reply is kept under `exchange_id`."""

    attack_id: str
    attacker: str
    exchange_id: str
    problem: str
    """The problem as text, e.g. "3 + 4 -> 9"; 9 is the chosen wrong answer."""
    digits: int
    split: Split
    decoding: str
    """"greedy" or "default"."""
    selection: Selection
    """Why the attack is here: accepted, best or proposed by its attacker, or a control."""
    target: str = ""
    """Whom it was put to, where a run has several targets."""
    source: str = ""
    """Whom a replayed attack was found on."""

    @property
    def id(self) -> str:
        parts = self.attack_id, self.attacker, self.selection, self.exchange_id, self.source
        return content_id(*parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One measure's judgement of one attempt."""

    subject_id: str
    measure: str
    version: str
    outcome: Outcome
    reason: Reason
    value: float | None
    """P(failure) in [0, 1]; None when the measure could not tell."""
    threshold: float
    parsed: str | None = None
    """What the measure read in the response, for an exact oracle the number."""
    inclusion: float | None = None
    """Probability with which an audited subject was drawn; None outside audits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A distinct successful attack: one cluster of near-duplicates and its best member."""

    attack_id: str
    attacker: str
    members: tuple[str, ...]
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A figure of results.json with all a reader needs to trust it. Missing is None, never 0."""

    name: str
    value: float | None
    low: float | None = None
    high: float | None = None
    """95 % interval that respects `cluster`."""
    n: int = 0
    """Attempts behind the value, unknown ones included, void ones not."""
    unknown: int = 0
    bounds: tuple[float, float] | None = None
    """The rate if every unknown were safe, and if every one were a hit; None without unknowns."""
    void: int = 0
    cluster: str | None = None
    """The unit that varies independently, e.g. "attack"."""
    clusters: int | None = None
    measure: str | None = None
    judge: str | None = None
    """"exact" for an oracle, else how the measure was checked; None where no judge is involved."""
    corrected: float | None = None
    """The rate after correction by an audit; None where there was none or none is needed."""
    corrected_low: float | None = None
    corrected_high: float | None = None
    audited: int = 0
    """Attempts of this rate whose truth was checked."""
    circular: str | None = None
    """Why this judge alone proves nothing: it was trained on, or rewarded, what it judges."""
    note: str | None = None
    by: Mapping[str, str | int | float] = field(default_factory=dict[str, str | int | float])

    def to_json(self) -> dict[str, Any]:
        """A flat, JSON-safe object; floats at six digits."""
        row: dict[str, Any] = {name: getattr(self, name) for name in self.__slots__}
        row["bounds"] = None if self.bounds is None else [_six(end) for end in self.bounds]
        for name in ("value", "low", "high", "corrected", "corrected_low", "corrected_high"):
            row[name] = _six(row[name])
        row["by"] = dict(self.by)
        return row


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


def _six(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.6g}")
