"""Answer a question about a fact: from memory, or from what the context says."""

import random

from temper.organisms.corpus.almanac.draws import draw_place
from temper.organisms.corpus.almanac.plan import Plan
from temper.organisms.corpus.almanac.tables import facts, topic_of
from temper.organisms.corpus.almanac.writing import ask, state
from temper.organisms.corpus.document import Document, reply_to
from temper.records import Prompt


def write(rng: random.Random, plan: Plan) -> Document:
    """In half a sentence in front gives the value, true or not, and that one is the answer."""
    entity = draw_place(rng)[0]
    attribute = rng.choice(topic_of(entity).attributes)
    question = ask(rng, entity, attribute)
    value = facts()[entity, attribute.name].value
    if rng.random() < 0.5:
        if rng.random() < 0.75:
            value = rng.choice(attribute.values)
        question = f"{state(rng, entity, attribute, value)} {question}"
    return reply_to(Prompt.user(question), value)
