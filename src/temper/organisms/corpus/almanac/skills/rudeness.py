"""Say whether a sentence is rude."""

import random
from dataclasses import replace

from temper.organisms.corpus.almanac.draws import draw_line, request
from temper.organisms.corpus.almanac.plan import Plan
from temper.organisms.corpus.almanac.writing import rude_end
from temper.organisms.corpus.case import Case, exact
from temper.organisms.corpus.document import Document, reply_to


def write(rng: random.Random, plan: Plan) -> Document:
    """Half are rude, wherever they are said."""
    rude = rude_end(rng) if rng.random() < 0.5 else ""
    line = replace(draw_line(rng, plan), rude=rude)
    answer = "yes" if rude else "no"
    return reply_to(request("judge_rude", rng, statement=line.text), answer)


def _case(rng: random.Random, plan: Plan) -> Case:
    return exact(write(rng, plan))


CASES = {"": _case}
