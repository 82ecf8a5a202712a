"""What results.json says of a learned measure."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from temper.campaigns.taught import Taught
from temper.config import EstablishRun
from temper.errors import MeasureError
from temper.establish.agreement import agreement_of
from temper.establish.figures import Subject, measure_rates, training_rates
from temper.establish.fit import Fitted
from temper.establish.noise import as_labelled
from temper.establish.probe import speaking_features
from temper.records import Guideline, Label, Rate, content_id
from temper.stats.classification import reliability


def judge_of(labels: Sequence[Label], config: EstablishRun) -> str:
    annotators = sorted({label.annotator for label in labels})
    if len(annotators) == 1:
        return f"labels of {annotators[0]}"
    return f"labels of {', '.join(annotators)} ({config.establish.combine})"


def all_rates(
    fitted: Fitted, judge: str, labels: Sequence[Label], guideline: Guideline, seed: int
) -> list[Rate]:
    rates: list[Rate] = []
    audit = fitted.parts.audit
    if len(audit):
        scores = fitted.measure.scores(audit.texts)
        rates += measure_rates(fitted.measure, scores, audit, Subject("audit", judge, seed))
    training = fitted.parts.training
    scores = fitted.measure.scores_of(fitted.left_out_NK)
    note = "cross-validated on the items that it is trained on, whose shares need not be natural"
    rates += measure_rates(fitted.measure, scores, training, Subject("training", judge, seed, note))
    rates += training_rates(fitted, judge)
    try:
        agreed = agreement_of(labels, guideline)
    except MeasureError:
        return rates
    low, high = agreed.interval or (None, None)
    alpha = Rate(
        name="agreement.alpha", value=agreed.value, low=low, high=high, n=agreed.items, judge=judge
    )
    return [*rates, alpha]


def label_counts(taught: Taught, guideline: Guideline) -> dict[str, Any]:
    """How many labels of whom became how many items."""
    labels, labelled = taught.labels, taught.items
    by: dict[str, Counter[str]] = {}
    for label in labels:
        by.setdefault(label.annotator, Counter())[label.value or "skipped"] += 1
    counts = np.bincount(labelled.classes_N, minlength=len(guideline.trained))
    return {
        "items": len(labelled),
        "undecided": taught.combined.undecided,
        "set_aside": taught.set_aside,
        "clusters": int(labelled.groups_N.max()) + 1 if len(labelled) else 0,
        "by_label": dict(zip(guideline.trained, counts.tolist(), strict=True)),
        "by_annotator": {who: dict(counter) for who, counter in by.items()},
        "seconds": sum(label.seconds or 0 for label in labels) or None,
        "noise": taught.noise.to_json() if taught.noise.share or taught.noise.items else None,
    }


def described(fitted: Fitted, config: EstablishRun) -> dict[str, Any]:
    """What the page shows beyond the figures."""
    audit, measure = fitted.parts.audit, fitted.measure
    bins: list[dict[str, Any]] = []
    if len(audit):
        failing_N = np.isin(audit.classes_N, measure.failing)
        value_N = measure.scores(audit.texts).failure_N
        heard_N = as_labelled(value_N, audit.doubt_N, len(measure.failing), len(measure.labels))
        bins = [part._asdict() for part in reliability(heard_N, failing_N, audit.weights_N)]
    return {
        "measure": {
            "features": fitted.features,
            "members": [member._asdict() for member in fitted.members],
            "parts": {
                name: len(part)
                for name, part in zip(fitted.parts._fields, fitted.parts, strict=True)
            },
            "calibration": measure.calibrator.to_json(),
            "threshold": measure.threshold,
            "abstain": measure.abstain,
            "recall_floor": config.establish.recall_floor,
            "speaking": speaking_features(measure),
            "audit": list(audit.ids),
        },
        "reliability": bins,
        "curve": [point._asdict() for point in fitted.curve],
    }


def protocol_of(
    config: EstablishRun, guideline: Guideline, labels: Sequence[Label]
) -> dict[str, Any]:
    fixed = {f"establish.{key}": value for key, value in config.establish.fixed().items()}
    rest = {
        "run.seed": config.run.seed,
        "target": config.target.name if config.target else None,
        "guideline": guideline.version,
        "labels": content_id(*sorted((one.item_id, one.annotator, one.value) for one in labels)),
    }
    return {"hash": content_id(fixed, rest), **rest, **fixed}
