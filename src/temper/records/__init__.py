"""What flows between the stages: frozen records that do little beyond naming themselves."""

from temper.records.attacks import (
    Attack,
    Attempt,
    Candidate,
    Finding,
    Outcome,
    Reason,
    Selection,
    Split,
    Verdict,
)
from temper.records.content import content_id
from temper.records.exchanges import (
    Decoding,
    Message,
    Prompt,
    Reply,
    Request,
    Role,
    estimated_tokens,
)
from temper.records.labels import (
    AnnotatorKind,
    Guideline,
    Label,
    LabelKind,
    Sample,
    SampleSource,
    imported_item_id,
)
from temper.records.rates import Rate

__all__ = [
    "AnnotatorKind",
    "Attack",
    "Attempt",
    "Candidate",
    "Decoding",
    "Finding",
    "Guideline",
    "Label",
    "LabelKind",
    "Message",
    "Outcome",
    "Prompt",
    "Rate",
    "Reason",
    "Reply",
    "Request",
    "Role",
    "Sample",
    "SampleSource",
    "Selection",
    "Split",
    "Verdict",
    "content_id",
    "estimated_tokens",
    "imported_item_id",
]
