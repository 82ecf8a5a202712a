"""One file a skill, each a function `write(rng) -> Document`; the table gives the shares."""

import random
from collections.abc import Callable

from temper.organisms.corpus.document import Document
from temper.organisms.corpus.skills import copying, inversion, lookups, steering, sums

SKILLS: dict[str, tuple[Callable[[random.Random], Document], float]] = {
    "sums": (sums.write, 0.32),
    "steering": (steering.write, 0.30),
    "inversion": (inversion.write, 0.24),
    "lookups": (lookups.write, 0.08),
    "copying": (copying.write, 0.06),
}
"""Skill, and its share of the documents."""


def draw_document(rng: random.Random) -> Document:
    names = list(SKILLS)
    name = rng.choices(names, [SKILLS[name][1] for name in names])[0]
    return SKILLS[name][0](rng)
