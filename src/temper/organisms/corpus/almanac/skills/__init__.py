"""One file a skill, each a function `write(rng, plan) -> Document`; recipes give the shares."""

from temper.organisms.corpus.almanac.skills import (
    answering,
    continuing,
    defending,
    filling,
    grounding,
    judging,
    repeating,
    revising,
    rudeness,
    telling,
)

SKILLS = {
    "telling": telling.write,
    "judging": judging.write,
    "rudeness": rudeness.write,
    "filling": filling.write,
    "answering": answering.write,
    "continuing": continuing.write,
    "grounding": grounding.write,
    "defending": defending.write,
    "revising": revising.write,
    "repeating": repeating.write,
}
