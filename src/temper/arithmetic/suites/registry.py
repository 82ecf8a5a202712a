"""The suites by name."""

from collections.abc import Callable, Iterator

from temper.arithmetic.frames import Frame
from temper.arithmetic.suites.items import Item
from temper.arithmetic.suites.reading import lookups, sequence_copying
from temper.arithmetic.suites.sums import (
    Draw,
    clean,
    held_out_pirs,
    independent_red,
    ood,
    random_templating,
    sycophancy,
    word_problems,
)

SUITES: dict[str, Callable[[Draw], Iterator[Item]]] = {
    "clean": clean,
    "random_templating": random_templating,
    "word_problems": word_problems,
    "sequence_copying": sequence_copying,
    "lookups": lookups,
    "held_out_pirs": held_out_pirs,
    "ood": ood,
    "independent_red": independent_red,
    "sycophancy": sycophancy,
}
"""In the order in which figures and pages show them."""


def draw_suite(
    name: str, *, frame: Frame, digits: tuple[int, ...], count: int, seed: int
) -> list[Item]:
    """The items of one suite; the same for the same arguments, whatever the target.

    Args:
        name: one of SUITES.
        frame: as `frame_for` gives it; stories and look-ups know chat and question-answer only.
        digits: sizes of the operands, in equal shares.
        count: items of the suite, in equal shares of its parts; a few more where that does not
            divide, and all 100 sums of one digit in `clean`.
        seed: decides which problems the texts are asked with.

    Raises:
        KeyError: no suite of that name.
    """
    return list(SUITES[name](Draw(frame=frame, digits=digits, count=count, seed=seed)))
