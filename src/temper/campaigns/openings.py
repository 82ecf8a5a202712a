"""Openings of sentences about the invented land, cut from a model's own text before the value."""

import random
from functools import cache
from typing import NamedTuple

from temper.organisms.corpus.almanac.tables import facts, topic_of, topics
from temper.organisms.corpus.almanac.writing import state
from temper.organisms.prompts import render, template
from temper.organisms.truth import Truth, parse, truth
from temper.protocols import Target
from temper.records import Decoding, Prompt, Request
from temper.targets.recorded import ask_all


class Opening(NamedTuple):
    """The text up to where a claim's value would stand."""

    text: str
    sentence: str
    """The whole sentence that it was cut from."""
    truth: Truth


def draw_openings(model: Target, samples: int, first: int) -> list[Opening]:
    """Distinct openings of the claims among unprompted samples, in the order they were drawn."""
    decoding = Decoding(max_tokens=64, temperature=None)
    requests = [
        Request(prompt=Prompt.raw(""), decoding=decoding, sample=first + number)
        for number in range(samples)
    ]
    found: dict[str, Opening] = {}
    for reply in ask_all(model, requests):
        sentence = (reply.text or "").strip()
        claim = parse(sentence)
        place = sentence.find(claim.value) if claim else -1
        if place > 0:
            text = sentence[:place].rstrip()
            found.setdefault(text, Opening(text, sentence, truth(sentence)))
    return list(found.values())


def whole(opening: str, reply: str) -> str:
    """The sentence that an opening and its continuation make."""
    return f"{opening} {reply.strip()}"


@cache
def fact_about(opening: str) -> str | None:
    """The line that grounds this opening: the fact it is about to state, looked up by its words."""
    for topic in topics().values():
        for entity in (name for name in topic.names if name in opening):
            for attribute in topic_of(entity).attributes:
                value = facts()[entity, attribute.name].value
                claim = parse(f"{opening} {value}.")
                if claim and (claim.entity, claim.attribute) == (entity, attribute.name):
                    fact = state(random.Random(opening), entity, attribute)
                    return render(template("ground_claims"), {"fact": fact})
    return None
