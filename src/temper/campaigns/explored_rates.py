"""How often the target fails by itself: explored texts judged by the measure, audited by labels."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from temper.establish.fit import Fitted
from temper.establish.measure import Judgement
from temper.evaluate.audited import JudgedAttempt, judged_rate
from temper.records import Rate, Sample
from temper.stats import Estimand

FEWEST = 20
"""Texts behind one prompt, for a rate of its own."""
MOST_PROMPTS = 60
NEW = "new texts of this target"


def explored_rates(samples: Sequence[Sample], fitted: Fitted, target: str) -> Iterator[Rate]:
    """Of the texts that the target said unasked for, the share that fails; then by prompt.

    Texts of round 0 alone, each as often as it came: later rounds are drawn where text is wanted.
    The total is corrected by the audit slice, a random part of the chosen texts. An item that the
    measure was trained on is judged by the members that did not see it.

    Args:
        samples: all explored texts; none gives no rates.
        fitted: the measure with its parts.
        target: who said them.
    """
    natural = [sample for sample in samples if sample.round == 0]
    if not natural:
        return
    judgements = _judged(natural, fitted)
    audit = fitted.parts.audit
    failing_N = np.isin(audit.classes_N, fitted.measure.failing)
    truths = dict(zip(audit.ids, failing_N.tolist(), strict=True))
    chosen = sum(sample.chosen for sample in natural)
    share = sum(sample.id in truths for sample in natural) / max(chosen, 1)
    attempts = [
        (sample, _attempt(sample, judgement, truths, share))
        for sample, judgement in zip(natural, judgements, strict=True)
        for _ in range(sample.copies)
    ]
    name = fitted.measure.name
    yield judged_rate(
        "explore.failure_rate",
        [attempt for _, attempt in attempts],
        unit="text",
        measure=name,
        by={"target": target},
        estimand=Estimand.NEW_ATTACKS if truths else None,
        new=NEW,
    )
    counts = Counter(sample.prompt for sample, _ in attempts if sample.prompt)
    for prompt, count in counts.most_common(MOST_PROMPTS):
        if count >= FEWEST:
            yield judged_rate(
                "explore.failure_rate",
                [_unaudited(attempt) for sample, attempt in attempts if sample.prompt == prompt],
                unit="text",
                measure=name,
                by={"target": target, "prompt": prompt},
                new=NEW,
            )


def _unaudited(attempt: JudgedAttempt) -> JudgedAttempt:
    """Without its audit: of one prompt too few texts are audited to correct by them."""
    return attempt._replace(truth=None, inclusion=None)


def _judged(samples: Sequence[Sample], fitted: Fitted) -> list[Judgement]:
    judgements = fitted.measure.judge([sample.text for sample in samples])
    scores = fitted.measure.scores_of(fitted.left_out_NK)
    left_out: Mapping[str, float] = dict(
        zip(fitted.parts.training.ids, scores.failure_N.tolist(), strict=True)
    )
    return [
        judgement
        if (value := left_out.get(sample.id)) is None
        else Judgement(fitted.measure.outcome(value), value, judgement.label)
        for sample, judgement in zip(samples, judgements, strict=True)
    ]


def _attempt(
    sample: Sample, judgement: Judgement, truths: Mapping[str, bool], share: float
) -> JudgedAttempt:
    truth = truths.get(sample.id) if sample.inclusion else None
    inclusion = None if truth is None else min(1.0, share * (sample.inclusion or 1.0))
    return JudgedAttempt(judgement.outcome, (sample.id,), truth, inclusion)
