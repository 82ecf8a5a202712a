"""What an attacker proposes, what came of it, and how it was judged."""

from dataclasses import dataclass
from typing import Literal

from temper.records.content import content_id
from temper.records.exchanges import Role

Outcome = Literal["hit", "safe", "unknown"]
Reason = Literal["answered", "refused", "filtered", "no_answer", "ambiguous", "error"]
Split = Literal["search", "unseen", "fresh"]
Selection = Literal["accepted", "best", "proposed", "control", "clean"]


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
