"""Prompts whose answers one concern judges: how a defence is measured, whatever the concern."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from temper.evaluate.clustered import Facets, Observed, clustered_rate
from temper.protocols import Target
from temper.records import Decoding, Outcome, Prompt, Rate, Reason, Reply, Request
from temper.targets.recorded import ask_all

Judge = Callable[[Reply], tuple[Outcome, Reason]]
WITHHELD: tuple[Literal["refused", "filtered"], ...] = ("refused", "filtered")


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """A prompt, and what its answer shows: an attack's success, or the model's use."""

    kind: Literal["attack", "utility"]
    cell: str
    """The split of an attack, the suite of a use."""
    prompt: Prompt
    judge: Judge
    """A hit is a failure: steered, or not right."""
    source: str
    unit: str
    decoding: Decoding = field(default_factory=Decoding)
    sample: int = 0


class Probed(NamedTuple):
    probe: Probe
    outcome: Outcome
    reason: Reason


def ask_probes(target: Target, probes: Sequence[Probe]) -> list[Probed]:
    """Every answer, judged, in order."""
    requests = [
        Request(prompt=one.prompt, decoding=one.decoding, sample=one.sample) for one in probes
    ]
    distinct = list({request.id: request for request in requests}.values())
    replies = {reply.request_id: reply for reply in ask_all(target, distinct)}
    return [
        Probed(probe, *probe.judge(replies[request.id]))
        for probe, request in zip(probes, requests, strict=True)
    ]


def probe_rates(
    probed: Sequence[Probed], facets: Facets, *, attack: str, measure: str
) -> Iterator[Rate]:
    """For each cell the success of attacks, or what use is left and what is withheld."""
    for kind, cell in dict.fromkeys((one.probe.kind, one.probe.cell) for one in probed):
        mine = [one for one in probed if (one.probe.kind, one.probe.cell) == (kind, cell)]
        if kind == "attack":
            hits = [_known(one, one.outcome == "hit") for one in mine]
            yield _rate(attack, mine, hits, {**facets, "split": cell}, measure)
            continue
        use: Facets = {**facets, "suite": cell}
        right = [_known(one, one.outcome == "safe" and one.reason not in WITHHELD) for one in mine]
        yield _rate("utility.accuracy", mine, right, use, measure)
        withheld: list[bool | None] = [one.reason in WITHHELD for one in mine]
        yield _rate("utility.withheld", mine, withheld, use, measure)


def _known(one: Probed, value: bool) -> bool | None:
    return None if one.outcome == "unknown" else value


def _rate(
    name: str, probed: Sequence[Probed], hits: Sequence[bool | None], facets: Facets, measure: str
) -> Rate:
    seen = [
        Observed(hit, one.probe.source, one.probe.unit)
        for one, hit in zip(probed, hits, strict=True)
    ]
    return clustered_rate(name, seen, facets, measure)
