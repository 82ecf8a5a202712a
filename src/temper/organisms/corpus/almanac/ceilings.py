"""How much of the truth the place of a sentence gives away, without reading what it claims."""

from collections import Counter
from collections.abc import Iterable, Sequence

from temper.organisms.corpus.almanac.reading import read
from temper.organisms.truth import truth


def ceiling(sentences: Iterable[str], fields: Sequence[str] = ("topic", "style")) -> float:
    """The best macro recall over true, false and neither of any rule on these fields of a reading.

    Exact for these sentences: every cell goes to the class of which it holds the largest share.
    Other fields: opening, entity, attribute. Sentences that are not readable share one cell.
    """
    counts: dict[str, Counter[tuple[str, ...] | None]] = {}
    for sentence in sentences:
        reading = read(sentence)
        cell = reading and tuple(str(getattr(reading, field)) for field in fields)
        counts.setdefault(truth(sentence), Counter())[cell] += 1
    totals = {answer: cells.total() for answer, cells in counts.items()}
    cells = {cell for counter in counts.values() for cell in counter}
    best = (max(counts[answer][cell] / totals[answer] for answer in counts) for cell in cells)
    return sum(best) / len(counts)
