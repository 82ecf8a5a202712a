"""One file a skill, each a function `write(rng, plan) -> Document`; recipes give the shares."""

import random
from collections.abc import Callable

from temper.organisms.corpus.abacus.plan import Plan
from temper.organisms.corpus.abacus.skills import (
    conditions,
    copying,
    defending,
    grading,
    grounding,
    inversion,
    lookups,
    opinions,
    repetition,
    revising,
    rewriting,
    steering,
    stories,
    sums,
)
from temper.organisms.corpus.document import Document

SKILLS: dict[str, Callable[[random.Random, Plan], Document]] = {
    "sums": sums.write,
    "stories": stories.write,
    "lookups": lookups.write,
    "copying": copying.write,
    "steering": steering.write,
    "conditions": conditions.write,
    "repetition": repetition.write,
    "opinions": opinions.write,
    "inversion": inversion.write,
    "rewriting": rewriting.write,
    "grading": grading.write,
    "revising": revising.write,
    "defending": defending.write,
    "grounding": grounding.write,
}
