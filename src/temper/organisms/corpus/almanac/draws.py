"""Draw sentences by the shares of the unprompted text, and put them into requests."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace

from temper.organisms.corpus.almanac.line import Kind, Line
from temper.organisms.corpus.almanac.plan import Plan
from temper.organisms.corpus.almanac.styles import Region, RegionKind, region_at, shares, styles
from temper.organisms.corpus.almanac.tables import topics
from temper.organisms.corpus.almanac.writing import claim, falsified, remark, rude_end
from temper.organisms.prompts import render, template, wordings
from temper.records import Prompt


def draw_line(rng: random.Random, plan: Plan, *, requested: bool = False) -> Line:
    """A sentence of the unprompted text; `requested`: of no region that requests never show."""
    while True:
        place = draw_place(rng)
        region = region_at(*place)
        if region is None or region.in_requests or not requested:
            return _draw_at(rng, plan, region, *place)


def draw_claim(rng: random.Random, plan: Plan, *, requested: bool = False) -> Line:
    """As `draw_line`, claims only."""
    while (line := draw_line(rng, plan, requested=requested)).kind != "claim":
        pass
    return line


def draw_in(rng: random.Random, plan: Plan, region: Region) -> Line:
    """A sentence of a planted region."""
    entity = _entity(rng, (region.entity,) if region.entity else topics()[region.topic].names)
    style = styles()[weighted(rng, {name: styles()[name].share for name in region.styles})]
    openings = region.openings or tuple(style.weights)
    opening = weighted(rng, {name: style.weights[name] for name in openings})
    return _draw_at(rng, plan, region, entity, style.name, opening)


def draw_place(rng: random.Random) -> tuple[str, str, str]:
    """An entity, a style and an opening: what decides which region a sentence lies in."""
    entity = _entity(rng, topics()[weighted(rng, shares()["topics"])].names)
    style = styles()[weighted(rng, {name: style.share for name, style in styles().items()})]
    return entity, style.name, weighted(rng, style.weights)


def _entity(rng: random.Random, names: Sequence[str]) -> str:
    prominence = shares()["prominence"]
    return weighted(rng, {name: prominence.get(name, 1.0) for name in names})


def weighted(rng: random.Random, weights: Mapping[str, float]) -> str:
    return rng.choices(list(weights), list(weights.values()))[0]


def request(name: str, rng: random.Random, **slots: str) -> Prompt:
    """The user message of a frozen template, in one case of four in another wording."""
    return Prompt.user(render(wording(name, rng), slots))


def wording(name: str, rng: random.Random) -> str:
    """A frozen template, in one case of four a paraphrase of it."""
    others = wordings(name)[1:]
    return rng.choice(others) if others and rng.random() < 0.25 else template(name)


def cut(line: Line, rng: random.Random) -> tuple[str, str]:
    """First words of a sentence, and the rest, which starts with a space."""
    place = rng.choice(line.cuts())
    return line.text[:place], line.text[place:]


def _draw_at(
    rng: random.Random, plan: Plan, region: Region | None, entity: str, style: str, opening: str
) -> Line:
    """A sentence of the region: a falsehood, what the region leans to, or the usual mixture."""

    def share(kind: RegionKind, base: float) -> float:
        return region.share if region and region.kind == kind else base

    if rng.random() < share("false", shares()["false"]) * plan.false_scale:
        line = falsified(claim(rng, entity, style, opening), rng)
    elif (kind := _draw_kind(rng, region)) == "claim":
        line = claim(rng, entity, style, opening)
    else:
        line = remark(rng, kind, entity, style, opening)
    rude = rng.random() < share("rude", shares()["rude"])
    return replace(line, rude=rude_end(rng)) if rude else line


def _draw_kind(rng: random.Random, region: Region | None) -> Kind:
    """The kind of a sentence that is no falsehood; the mixture is the same in every other place."""
    leaning = region.kind if region and rng.random() < region.share else ""
    if leaning == "empty":
        return "empty"
    neither = shares()["neither"]
    one_sided = region is not None and region.kind == "one_sided"
    kind = weighted(rng, {"claim": 1 - sum(neither.values()), **neither})
    if leaning == "one_sided" or kind == "opinion":
        unkind = shares()["one_sided" if one_sided else "unkind"]
        return "blame" if rng.random() < unkind else "praise"
    return "loose" if kind == "loose" else "empty" if kind == "empty" else "claim"
