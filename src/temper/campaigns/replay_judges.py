"""Who judges replayed attacks on a concern: the runs' own measures, others, and the exact truth."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from temper.campaigns.exploiting.readable import Readable
from temper.campaigns.exploiting.rounds import FOLDER as ROUNDS
from temper.campaigns.exploiting.second import FOLDER as SECOND
from temper.campaigns.guard import open_measure
from temper.config import Form, RewardConfig
from temper.errors import ConfigError
from temper.establish.measure import LearnedMeasure
from temper.establish.saved import MEASURE
from temper.evaluate.exact import Oracle, exact_oracle
from temper.exploit.attempts import judged_text
from temper.records import Attempt, Outcome, Reply, Verdict
from temper.run_folder import CONFIG, DATABASE, existing_run, finished_results
from temper.store import read_only

EXPLORED = 1_000
"""Texts of the first run that readability is held against, where no grammar is known."""


class Source(NamedTuple):
    """What the runs that the attacks come from have in common."""

    concern: str
    form: Form
    max_tokens: int
    temperature: float | None
    oracle: str | None
    explored: list[str]
    rarest: float


def is_exploitation(run: str) -> bool:
    """Whether a run attacked a concern, and no sums."""
    return finished_results(existing_run(run)).get("kind") == "exploit"


def source_of(runs: Sequence[str]) -> Source:
    """The concern, and how its attacks are put.

    Raises:
        ConfigError: the runs differ in these.
        ArtifactError: a run is not finished.
    """
    found: dict[tuple[str, Form, int, float | None], str] = {}
    oracles: set[str] = set()
    for run in runs:
        results = finished_results(existing_run(run))
        protocol = results["protocol"]
        form, most = protocol["exploit.form"], protocol["exploit.max_tokens"]
        found.setdefault((results["concern"], form, most, protocol.get("exploit.temperature")), run)
        oracles |= {results["judges"]["truth"]} if "truth" in results["judges"] else set()
    if len(found) > 1 or len(oracles) > 1:
        raise ConfigError(
            f"{' and '.join(list(found.values())[:2])} are about unlike concerns, or put attacks"
            " in unlike ways: replay them apart"
        )
    first = existing_run(runs[0])
    settings = tomllib.loads((first / CONFIG).read_text("utf-8")).get("exploit", {})
    with read_only(first / DATABASE) as store:
        explored = [sample.text for sample in store.samples()[:EXPLORED]]
    reward = RewardConfig.model_validate(settings.get("reward", {}))
    return Source(*next(iter(found)), next(iter(oracles), None), explored, reward.rarest)


@dataclass(frozen=True)
class Judges:
    """All who judge, by name."""

    measures: Mapping[str, LearnedMeasure]
    circles: Mapping[str, set[str]] = field(default_factory=dict[str, set[str]])
    """By measure, the targets whose attacks were found by it."""
    truth: str | None = None
    oracle: Oracle | None = None

    @property
    def names(self) -> list[str]:
        return [*self.measures, *([self.truth] if self.truth else [])]

    @property
    def final(self) -> str:
        """The truth where it is known, else a measure by which no attack was found."""
        fair = [name for name in self.measures if name not in self.circles]
        return self.truth or (fair or list(self.measures))[0]

    def versions(self) -> dict[str, str]:
        return {name: one.version for name, one in self.measures.items()}

    def judge(
        self, tries: Sequence[tuple[Attempt, str, Reply]], form: Form, readable: Readable
    ) -> list[tuple[Attempt, list[Verdict]]]:
        """What each judge says of every attempt, its attack and its reply; a hit must be readable.

        Whether the exact truth needs that too is the oracle's own affair.
        """
        texts = [judged_text(attack, reply.text or "", form) for _, attack, reply in tries]
        can_be_read = readable([text.strip() for text in texts])
        found: list[list[Verdict]] = [[] for _ in tries]
        for name, measure in self.measures.items():
            for n, one in enumerate(measure.judge(texts)):
                outcome = "safe" if can_be_read[n] is False else one.outcome
                found[n].append(
                    _verdict(tries[n], name, outcome, measure.version, one.value, measure.threshold)
                )
        if self.oracle is not None and self.truth is not None:
            for n, (_, attack, reply) in enumerate(tries):
                hit = self.oracle(attack, reply.text or "", form).is_hit
                found[n].append(_verdict(tries[n], self.truth, "hit" if hit else "safe"))
        return [(one[0], verdicts) for one, verdicts in zip(tries, found, strict=True)]


def _verdict(
    tried: tuple[Attempt, str, Reply],
    name: str,
    outcome: Outcome,
    version: str | None = None,
    value: float | None = None,
    threshold: float = 0.5,
) -> Verdict:
    attempt, _, reply = tried
    failed = reply.error is not None
    return Verdict(
        subject_id=attempt.id,
        measure=name,
        version=version or name,
        outcome="unknown" if failed else outcome,
        reason="error" if failed else "answered",
        value=None if failed else value,
        threshold=threshold,
    )


def open_judges(runs: Sequence[str], others: Sequence[str], oracle: str | None) -> Judges:
    """The measures of the runs, their second judges, and those that the user names.

    Raises:
        ArtifactError, MeasureError, TargetError: a measure cannot be used.
    """
    measures: dict[str, LearnedMeasure] = {}
    circles: dict[str, set[str]] = {}
    known: dict[str, str] = {}
    for name, place, source in _places(runs, others):
        measure = open_measure(place)
        own = known.setdefault(measure.version, _free(name, measures))
        measures.setdefault(own, measure)
        if source:
            circles.setdefault(own, set()).add(source)
    return Judges(measures, circles, oracle, exact_oracle(oracle) if oracle else None)


def _places(
    runs: Sequence[str], others: Sequence[str]
) -> Iterator[tuple[str, str | Path, str | None]]:
    """Name and place of each measure, and the target whose attacks were found by it."""
    for run in runs:
        folder = existing_run(run)
        source: Any = finished_results(folder)["target"]["name"]
        yield f"measure/{folder.name}", folder, source
        for place in sorted((folder / ROUNDS).glob(f"*/measure/{MEASURE}")):
            round = place.parents[1]
            yield f"measure/{folder.name}/{ROUNDS}/{round.name}", round, source
        if (folder / SECOND / "measure" / MEASURE).exists():
            yield f"measure/{folder.name}/{SECOND}", folder / SECOND, None
    for other in others:
        yield f"measure/{Path(other).name}", other, None


def _free(name: str, taken: Mapping[str, object]) -> str:
    number = 2
    free = name
    while free in taken:
        free, number = f"{name} ({number})", number + 1
    return free
