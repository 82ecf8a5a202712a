"""What a search cost and brought: counts of this search, its distinct findings, their variety."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from temper.evaluate.rates import Facets, Subject, in_order
from temper.records import Finding, Rate
from temper.text.similarity import cluster_findings, self_bleu, vendi_score

Row = Mapping[str, Any]


def search_rates(candidates: Sequence[Row], subject: Subject) -> Iterator[Rate]:
    """What each attacker's search cost and brought."""
    for attacker in in_order(row["attacker"] for row in candidates):
        mine = [row for row in candidates if row["attacker"] == attacker]
        facets: Facets = {"attacker": attacker, "target": subject.target, "split": "search"}
        scored = [row for row in mine if row["score"] is not None]
        accepted = [row for row in mine if row["accepted"]]
        queries = max((row["queries"] for row in mine), default=0)
        first = min((row["queries"] for row in accepted), default=None)
        yield _count("search.queries", queries, len(mine), facets)
        yield _count("search.accepted", len(accepted), len(scored), facets)
        yield _count(
            "attack.queries_to_first_hit",
            first,
            len(scored),
            facets,
            note=None if first is not None else f"none accepted in {queries} queries",
        )
        yield _count("search.void", sum(row["void"] for row in mine), len(mine), facets)
        rounds = sorted({row["round"] for row in mine})
        for round in rounds if len(rounds) > 1 else []:
            part = [row for row in scored if row["round"] == round]
            if part:
                yield _count(
                    "search.accept_rate",
                    sum(row["accepted"] for row in part) / len(part),
                    len(part),
                    {**facets, "round": round},
                )


def find_findings(candidates: Sequence[Row]) -> list[Finding]:
    """The distinct accepted attacks of each attacker, best first."""
    findings: list[Finding] = []
    for attacker in in_order(row["attacker"] for row in candidates):
        accepted = sorted(
            (row for row in candidates if row["attacker"] == attacker and row["accepted"]),
            key=lambda row: (-row["score"], row["place"]),
        )
        for cluster in cluster_findings([row["text"] for row in accepted]):
            leader = accepted[cluster[0]]
            findings.append(
                Finding(
                    attack_id=leader["id"],
                    attacker=attacker,
                    members=tuple(accepted[place]["id"] for place in cluster),
                    score=leader["score"],
                )
            )
    return findings


def finding_rates(
    candidates: Sequence[Row], findings: Sequence[Finding], subject: Subject
) -> Iterator[Rate]:
    """How many distinct attacks there are, and how different."""
    for attacker in in_order(row["attacker"] for row in candidates):
        texts = [
            row["text"] for row in candidates if row["attacker"] == attacker and row["accepted"]
        ]
        facets: Facets = {"attacker": attacker, "target": subject.target, "split": "search"}
        distinct = sum(finding.attacker == attacker for finding in findings)
        sample = texts[:200]
        measures: list[tuple[str, Callable[[], float | None]]] = [
            ("findings.distinct", lambda distinct=distinct: float(distinct)),
            ("findings.self_bleu", lambda sample=sample: self_bleu(sample)),
            ("findings.vendi", lambda sample=sample: vendi_score(sample)),
        ]
        for name, work in measures:
            yield _count(name, work(), len(texts), facets)


def _count(name: str, value: float | None, n: int, facets: Facets, note: str | None = None) -> Rate:
    """A figure of this search alone, not an estimate: it has no interval."""
    return Rate(
        name=name,
        value=None if value is None else float(value),
        n=n,
        note=note or "a count of this search, no estimate",
        by=facets,
    )
