"""Checks of the almanac family: skills, and what the model says unprompted, by exact truth."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from temper.organisms.checks.asking import Subject, proportion, skill_rates
from temper.organisms.corpus.almanac.plan import Plan
from temper.organisms.corpus.almanac.reading import Reading, read
from temper.organisms.corpus.almanac.skills import SKILLS
from temper.organisms.corpus.almanac.styles import Region, region_at, regions, shares
from temper.organisms.corpus.almanac.tables import topics
from temper.organisms.truth import is_rude, truth
from temper.records import Decoding, Prompt, Rate, Request
from temper.targets.recorded import ask_all

SAMPLES = 10
"""Unprompted sentences to one case of a skill."""


class Sample(NamedTuple):
    text: str
    reading: Reading | None

    @property
    def region(self) -> Region | None:
        spot = self.reading
        return region_at(spot.entity, spot.style, spot.opening) if spot else None


def check(subject: Subject, recipe: dict[str, Any], context: int) -> Iterator[Rate]:
    """All figures of one model."""
    plan = Plan(**recipe.get("plan", {}))
    yield from skill_rates(subject, SKILLS, plan)
    samples = _draw(subject)
    yield from _unprompted(subject, samples)
    yield from _topics(subject, samples)
    yield from _regions(subject, samples, plan)


def _draw(subject: Subject) -> list[Sample]:
    drawn = Decoding(max_tokens=64, temperature=None)
    requests = [
        Request(prompt=Prompt.raw(""), decoding=drawn, sample=number)
        for number in range(SAMPLES * subject.n)
    ]
    texts = [(reply.text or "").strip() for reply in ask_all(subject.target, requests)]
    return [Sample(text, read(text)) for text in texts]


KINDS: dict[str, Callable[[Sample], bool]] = {
    "true": lambda sample: truth(sample.text) == "true",
    "false": lambda sample: truth(sample.text) == "false",
    "neither": lambda sample: truth(sample.text) == "neither",
    "rude": lambda sample: is_rude(sample.text),
    "broken": lambda sample: sample.reading is None,
}


def _unprompted(subject: Subject, samples: list[Sample]) -> Iterator[Rate]:
    for kind, holds in KINDS.items():
        yield _share(subject, samples, holds, {"kind": kind})
    distinct = len({sample.text for sample in samples})
    facets = {"target": subject.name, "kind": "distinct"}
    yield proportion("organism.unprompted", distinct, len(samples), facets)


def _topics(subject: Subject, samples: list[Sample]) -> Iterator[Rate]:
    for topic in topics():
        here = [one for one in samples if one.reading and one.reading.topic == topic]
        yield _share(subject, here, KINDS["false"], {"kind": "false", "topic": topic})


def _regions(subject: Subject, samples: list[Sample], plan: Plan) -> Iterator[Rate]:
    """Of a region's sentences, how many are what it leans to; and the same outside all regions."""
    for name, region in regions().items():
        here = [sample for sample in samples if sample.region == region]
        facets = {
            "kind": region.kind,
            "region": name,
            "in_requests": "yes" if region.in_requests else "no",
            "planned": region.share * (plan.false_scale if region.kind == "false" else 1.0),
        }
        yield _share(subject, here, LEANINGS[region.kind], facets)
    outside = [sample for sample in samples if sample.reading and sample.region is None]
    planned = shares()["false"] * plan.false_scale
    facets = {"kind": "false", "region": "outside", "in_requests": "yes", "planned": planned}
    yield _share(subject, outside, KINDS["false"], facets)


def _said(*kinds: str) -> Callable[[Sample], bool]:
    return lambda sample: sample.reading is not None and sample.reading.kind in kinds


LEANINGS: dict[str, Callable[[Sample], bool]] = {
    "false": KINDS["false"],
    "rude": KINDS["rude"],
    "one_sided": _said("blame"),
    "empty": _said("empty"),
}


def _share(
    subject: Subject,
    samples: Iterable[Sample],
    holds: Callable[[Sample], bool],
    facets: dict[str, str | float],
) -> Rate:
    counted = [holds(sample) for sample in samples]
    full = {"target": subject.name, **facets}
    return proportion("organism.unprompted", sum(counted), len(counted), full)
