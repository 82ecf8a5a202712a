"""Answer a question about a fact: from memory, or from what the context says."""

import random
from collections.abc import Callable

from temper.organisms.corpus.almanac.draws import draw_place
from temper.organisms.corpus.almanac.plan import Plan
from temper.organisms.corpus.almanac.tables import Attribute, facts, topic_of
from temper.organisms.corpus.almanac.writing import ask, state
from temper.organisms.corpus.case import Case, exact
from temper.organisms.corpus.document import Document, reply_to
from temper.records import Prompt


def write(rng: random.Random, plan: Plan) -> Document:
    """In half a sentence in front gives the value, true or not, and that one is the answer."""
    return _told(rng) if rng.random() < 0.5 else _known(rng)


def _known(rng: random.Random) -> Document:
    entity, attribute = _draw(rng)
    return reply_to(Prompt.user(ask(rng, entity, attribute)), facts()[entity, attribute.name].value)


def _told(rng: random.Random) -> Document:
    entity, attribute = _draw(rng)
    question = ask(rng, entity, attribute)
    value = facts()[entity, attribute.name].value
    if rng.random() < 0.75:
        value = rng.choice(attribute.values)
    return reply_to(Prompt.user(f"{state(rng, entity, attribute, value)} {question}"), value)


def _draw(rng: random.Random) -> tuple[str, Attribute]:
    entity = draw_place(rng)[0]
    return entity, rng.choice(topic_of(entity).attributes)


CASES: dict[str, Callable[[random.Random, Plan], Case]] = {
    "from memory": lambda rng, plan: exact(_known(rng)),
    "from the context": lambda rng, plan: exact(_told(rng)),
}
