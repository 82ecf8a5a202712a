"""The audit queue: exactly the attempts whose truth the planner of corrected rates asks for."""

from typing import NamedTuple

from temper.errors import ArtifactError
from temper.evaluate.audited import JudgedAttempt, audit_to_do, judged_rate
from temper.label.filling import Entry, fill, messages_as_text
from temper.label.tables import LabelStore
from temper.records import Guideline, Rate
from temper.stats import Estimand

QUEUE = "audit"


class Judged(NamedTuple):
    """One verdict of the measure with what it was given on."""

    subject_id: str
    entry: Entry
    attempt: JudgedAttempt


class Asked(NamedTuple):
    """What the planner asks for."""

    waiting: int
    """Items of this plan that have no truth yet."""
    half_width: float
    reachable: bool


def plan(
    store: LabelStore, guideline: Guideline, measure: str, half_width: float, seed: int
) -> Asked:
    """Put what is to be checked next into the audit queue; an unfinished plan is gone on with.

    The chance of every attempt to be checked is kept beside it, for the corrected rate.

    Raises:
        ArtifactError: the run has no verdicts of that measure.
    """
    judged = judged_by(store, guideline, measure)
    waiting = store.value(
        "SELECT count(*) FROM queues WHERE queue = ? AND item_id NOT IN"
        f" ({','.join('?' * len(_done(judged)))})",
        QUEUE,
        *_done(judged),
    )
    if waiting:
        return Asked(int(waiting), half_width, True)
    found = audit_to_do(
        [one.attempt for one in judged], half_width, seed=seed, estimand=_estimand(judged)
    )
    with store.transaction():
        store.change_many(
            "INSERT OR REPLACE INTO audits VALUES (?, ?, ?)",
            [
                (measure, one.subject_id, chance)
                for one, chance in zip(judged, found.inclusion_N, strict=True)
            ],
        )
    fill(store, QUEUE, [judged[place].entry for place in found.answers])
    return Asked(len(found.answers), found.half_width, found.reachable)


def corrected(store: LabelStore, guideline: Guideline, measure: str) -> Rate:
    """The measure's rate of hits with the rate that the audit so far corrects it to."""
    judged = judged_by(store, guideline, measure)
    return judged_rate(
        "audit.hits",
        [one.attempt for one in judged],
        unit="attack" if judged[0].attempt.clusters else None,
        measure=measure,
        by={},
        estimand=_estimand(judged),
    )


def judged_by(store: LabelStore, guideline: Guideline, measure: str) -> list[Judged]:
    """Every verdict of the measure: on attempts, exchanges or samples of this run."""
    rows = store.find(
        "SELECT verdicts.subject_id, verdicts.outcome, attempts.attack_id,"
        " coalesce(samples.text, exchanges.response) AS shown,"
        " coalesce(exchanges.prompt, '') AS prompt, audits.inclusion"
        " FROM verdicts LEFT JOIN attempts ON attempts.id = verdicts.subject_id"
        " LEFT JOIN samples ON samples.id = verdicts.subject_id"
        " LEFT JOIN exchanges ON exchanges.id = coalesce(attempts.exchange_id, verdicts.subject_id)"
        " LEFT JOIN audits ON audits.subject_id = verdicts.subject_id"
        " AND audits.measure = verdicts.measure"
        " WHERE verdicts.measure = ? AND shown IS NOT NULL ORDER BY verdicts.subject_id",
        measure,
    )
    if not rows:
        known = store.find("SELECT DISTINCT measure FROM verdicts ORDER BY measure")
        names = ", ".join(row["measure"] for row in known) or "none at all"
        raise ArtifactError(f"the run has no verdicts of {measure!r} to audit: there are {names}")
    truths = _truths(store, guideline)
    clustered = all(row["attack_id"] is not None for row in rows)
    return [
        Judged(
            row["subject_id"],
            Entry(row["subject_id"], row["shown"], _prompt(row["prompt"])),
            JudgedAttempt(
                outcome=row["outcome"],
                clusters=(row["attack_id"],) if clustered else (),
                truth=truths.get(row["subject_id"]),
                inclusion=row["inclusion"],
            ),
        )
        for row in rows
    ]


def measures(store: LabelStore) -> list[str]:
    """Of which the run has verdicts."""
    return [row["measure"] for row in store.find("SELECT DISTINCT measure FROM verdicts")]


def _truths(store: LabelStore, guideline: Guideline) -> dict[str, bool]:
    """What people say; an adjudicated item as it was decided, a tie and a set-aside item not."""
    from temper.establish.agreement import combine_labels

    labels = [
        label
        for label in store.standing_labels(guideline.version)
        if label.kind in ("person", "adjudicator") and label.value in ("", *guideline.labels)
    ]
    values = combine_labels(labels, guideline, "majority", None).values
    return {
        item: value in guideline.failure
        for item, value in values.items()
        if value not in guideline.set_aside
    }


def _done(judged: list[Judged]) -> list[str]:
    return [one.subject_id for one in judged if one.attempt.truth is not None]


def _estimand(judged: list[Judged]) -> Estimand:
    return Estimand.NEW_ATTACKS if judged[0].attempt.clusters else Estimand.THESE_ATTEMPTS


def _prompt(stored: str) -> str:
    return messages_as_text(stored) if stored else ""
