"""One rate over observations of which some are unknown and some share a text or a problem."""

from collections.abc import Sequence
from typing import NamedTuple

from temper.records import Rate
from temper.stats import clustered_proportion

Facets = dict[str, str | int | float]


class Observed(NamedTuple):
    """What was seen once."""

    hit: bool | None
    """None: could not be read."""
    source: str
    """The text behind the prompt: attack, template, story; "" where there is none."""
    unit: str
    """The problem, or whatever else the prompts share."""


def clustered_rate(name: str, seen: Sequence[Observed], facets: Facets, measure: str) -> Rate:
    """Share of hits among what is known; texts and problems each vary together."""
    known = [one for one in seen if one.hit is not None]
    n, unknown = len(seen), len(seen) - len(known)
    value, low, high, count, cluster = None, None, None, None, "problem"
    if known:
        sources, units = [one.source for one in known], [one.unit for one in known]
        several = len(set(sources)) > 1 and sources != units
        cluster = "text+problem" if several else "problem"
        groups = (sources, units) if several else (units,)
        hits = [bool(one.hit) for one in known]
        value, (low, high), count = clustered_proportion(hits, *groups)
    total = sum(bool(one.hit) for one in known)
    return Rate(
        name=name,
        value=value,
        low=low,
        high=high,
        n=n,
        unknown=unknown,
        bounds=(total / n, (total + unknown) / n) if unknown else None,
        cluster=cluster,
        clusters=count,
        measure=measure,
        judge="exact",
        by=facets,
    )
