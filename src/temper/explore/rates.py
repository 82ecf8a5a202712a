"""The figures of an exploration."""

from collections.abc import Iterator, Mapping, Sequence

from temper.explore.coverage import RANDOM_SUBSETS, Coverage
from temper.records import Rate

UNITS = {
    "clusters": "clusters with a text in the subset",
    "reach": "mean cosine distance of up to 2,000 texts to the nearest chosen; less is better",
    "vendi": "effective number of different texts, by cosine of the embeddings",
    "distinct_2": "distinct pairs of words among all pairs",
    "self_bleu": "0 for texts that share nothing; less is better",
}


def draw_rates(drawn: int, kept: int, dropped: Mapping[str, int]) -> Iterator[Rate]:
    """Counts: responses drawn, texts kept, texts thrown out by reason."""
    yield Rate(name="explore.drawn", value=drawn, n=drawn, note="responses")
    pieces = kept + sum(dropped.values())
    yield Rate(name="explore.texts", value=kept, n=pieces, note="distinct texts kept")
    for reason, count in sorted(dropped.items(), key=lambda item: (-item[1], item[0])):
        yield Rate(name="explore.dropped", value=count, n=pieces, by={"reason": reason})


def coverage_rates(found: Sequence[Coverage], method: str, size: int) -> Iterator[Rate]:
    """The chosen subset, then random subsets of its size with the range of the middle 95 %."""
    for one in found:
        name, note = f"explore.{one.name}", UNITS[one.name]
        yield Rate(name=name, value=one.chosen, n=size, note=note, by={"subset": method})
        yield Rate(
            name=name,
            value=one.random,
            low=one.low,
            high=one.high,
            n=size,
            note=f"{note}; middle 95 % of up to {RANDOM_SUBSETS} random subsets",
            by={"subset": "random"},
        )
