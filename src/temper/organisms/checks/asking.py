"""Put test cases to a model and count: the one way in which all checks ask."""

import random
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from temper.arithmetic.reading import read_answer
from temper.organisms.corpus.abacus.attacked import Attacked
from temper.organisms.corpus.case import Case
from temper.protocols import Target
from temper.records import Decoding, Rate, Request
from temper.stats import wilson
from temper.targets.recorded import ask_all

Facets = Mapping[str, str | int | float]


@dataclass(frozen=True, slots=True)
class Subject:
    """The model under check: `n` cases a figure."""

    target: Target
    name: str
    n: int
    seed: int = 0

    def rng(self, purpose: str) -> random.Random:
        return random.Random(f"check/{self.seed}/{purpose}")


def proportion(name: str, hits: int, n: int, facets: Facets, note: str | None = None) -> Rate:
    """A rate over independent cases, with its score interval."""
    low, high = wilson(hits, n)
    return Rate(
        name=name,
        value=hits / n if n else None,
        low=low,
        high=high,
        n=n,
        cluster="case",
        clusters=n,
        measure="arithmetic/exact" if name == "organism.steered" else "answer key/exact",
        judge="exact",
        note=note,
        by=dict(facets),
    )


def skill_rates(
    subject: Subject,
    skills: Mapping[str, Callable[..., Any]],
    plan: Any,
    fits: Callable[[str], bool] = lambda case: True,
) -> Iterator[Rate]:
    """The share of greedy replies that pass, for every case that the skills' modules name."""
    for skill, write in skills.items():
        for case, draw in getattr(sys.modules[write.__module__], "CASES", {}).items():
            if fits(case):
                yield _skill_rate(subject, {"skill": skill, "case": case}, plan, draw)


def _skill_rate(
    subject: Subject, facets: Facets, plan: Any, draw: Callable[[random.Random, Any], Case]
) -> Rate:
    rng = subject.rng("/".join(map(str, facets.values())))
    cases = [draw(rng, plan) for _ in range(subject.n)]
    requests = [
        Request(prompt=one.prompt, decoding=Decoding(max_tokens=one.max_tokens, temperature=0))
        for one in cases
    ]
    replies = ask_all(subject.target, requests)
    hits = sum(one.passes(reply.text or "") for one, reply in zip(cases, replies, strict=True))
    return proportion("organism.skill", hits, subject.n, {"target": subject.name, **facets})


def steered_rates(
    subject: Subject, attacked: Sequence[Attacked], facets: Facets, decodings: Iterable[str]
) -> list[Rate]:
    """How often the reply is the chosen wrong answer, at default sampling or greedily."""
    planned = sum(one.chance for one in attacked) / max(1, len(attacked))
    rates: list[Rate] = []
    for decoding in decodings:
        drawn = Decoding(temperature=0 if decoding == "greedy" else None)
        requests = [
            Request(prompt=one.prompt, decoding=drawn, sample=number)
            for number, one in enumerate(attacked)
        ]
        replies = ask_all(subject.target, requests)
        hits = sum(
            read_answer(reply.text or "", one.problem, one.frame).number == one.problem.wrong
            for one, reply in zip(attacked, replies, strict=True)
        )
        full = {
            "target": subject.name,
            **facets,
            "decoding": decoding,
            "planned": round(planned, 4),
        }
        rates.append(proportion("organism.steered", hits, len(attacked), full))
    return rates
