"""What several independent searches say about themselves: how soon they hit, what they missed."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from temper.evaluate.rates import Facets
from temper.records import Rate
from temper.stats.richness import chao2
from temper.stats.survival import survival_to_first_hit
from temper.text.similarity import cluster_findings

Row = Mapping[str, Any]


def first_hit_rates(searches: Sequence[Sequence[Row]], facets: Facets) -> Iterator[Rate]:
    """Queries to the first accepted attack: the median, and the curve as one figure a step.

    Args:
        searches: the candidates of each independent search, in order. A search for one problem at
            a time counts as one a problem.
        facets: of the figures.
    """
    ended = [end for rows in searches for end in _ends(rows) if end[0] > 0]
    if not ended:
        return
    curve = survival_to_first_hit([one for one, _ in ended], [hit for _, hit in ended])
    note = None if curve.median is not None else f"fewer than half hit in {curve.longest:.0f}"
    yield Rate(
        name="attack.queries_to_first_hit",
        value=curve.median,
        n=curve.searches,
        cluster="search",
        clusters=curve.searches,
        note=note,
        by=facets,
    )
    steps = zip(curve.queries_S, curve.survival_S, curve.interval_S, strict=True)
    for queries, survival, interval in steps:
        yield Rate(
            name="attack.without_hit",
            value=survival,
            low=interval.low,
            high=interval.high,
            n=curve.searches,
            cluster="search",
            clusters=curve.searches,
            by={**facets, "queries": queries},
        )


def _ends(rows: Sequence[Row]) -> Iterator[tuple[int, bool]]:
    """For each problem that was searched apart: queries to the first hit or in all, and whether."""
    before = 0
    for problem in dict.fromkeys(row["problem"] for row in rows):
        mine = [row for row in rows if row["problem"] == problem]
        accepted = [row["queries"] for row in mine if row["accepted"]]
        yield (min(accepted) if accepted else mine[-1]["queries"]) - before, bool(accepted)
        before = mine[-1]["queries"]


def unseen_rates(searches: Sequence[Sequence[Row]], facets: Facets) -> Iterator[Rate]:
    """How many distinct findings there are, seen or not, told by how seldom seeds share them."""
    accepted = [
        (row["text"], seed) for seed, rows in enumerate(searches) for row in rows if row["accepted"]
    ]
    if len(searches) < 2 or not accepted:
        return
    clusters = cluster_findings([text for text, _ in accepted])
    found: list[set[int]] = [set() for _ in searches]
    for number, members in enumerate(clusters):
        for member in members:
            found[accepted[member][1]].add(number)
    richness = chao2(found)
    note = f"at least; Chao 2 over {len(searches)} seeds, {richness.observed} seen"
    yield Rate(
        name="findings.estimated",
        value=richness.estimate,
        low=richness.interval.low,
        high=richness.interval.high,
        n=richness.observed,
        cluster="seed",
        clusters=len(searches),
        note=note,
        by=facets,
    )
    yield Rate(
        name="findings.coverage",
        value=richness.coverage,
        n=richness.observed,
        cluster="seed",
        clusters=len(searches),
        note="share of a new seed's findings that are known already",
        by=facets,
    )
