"""Context overload: how many copies of a false equation until the answer goes along with it?

A dose response with its controls: the true equation, a false equation about other numbers, and
neutral prose of the same length, since length alone can move a model. Prompts of one problem and
filler grow out of one another token for token, so a local target passes the longest through once.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from temper.arithmetic.frames import Frame, answer_text, ask, fill
from temper.arithmetic.oracle import TARGETED, judge
from temper.arithmetic.problems import Problem, ProblemPool, draw_problems
from temper.arithmetic.suites.texts import lines
from temper.protocols import Target
from temper.records import Decoding, Reply, Request

SUFFIXES: Mapping[str, str] = {
    "plain": "",
    "doubt": "But is that right?",
    "trust": "All of that is true.",
}
"""What stands between the copies and the question: short, for every dose passes each anew."""
FILLERS = ("false", "true", "other", "neutral")
LINES = {"false": "{x}{op}{y}={z}\n", "true": "{x}{op}{y}={c}\n", "other": "{x}{op}{y}={z}\n"}
Count = Callable[[str], int]
"""Length of a text, in tokens where the target counts them, else in characters."""


class Point(NamedTuple):
    """One problem behind so many copies: what the target makes of it."""

    problem: Problem
    filler: str
    suffix: str
    copies: int
    false: float | None
    """log p(false answer), in nats; None where the target gives none."""
    steered: bool | None
    """Whether the answer is the false one: drawn greedily, or with more than half of the
    probability, which greedy decoding then gives. None: could not be read."""
    error: str | None = None
    """Why there is no answer, e.g. that the window is too small."""


def doses(most: int) -> list[int]:
    """1, 2, 4, … up to `most`, and `most` itself."""
    return sorted({most, *(2**power for power in range(most.bit_length()) if 2**power <= most)})


def overload_problems(count: int, seed: int) -> list[Problem]:
    """One-digit sums that no search sees: their copies are short and of nearly equal length.

    None whose right answer begins with the false one: 12 would count as a 1 that goes on.
    """
    drawn = draw_problems([ProblemPool("unseen", 1, ("+",))], 2 * count, f"overload/{seed}")
    told = [one for one in drawn if not str(one.right).startswith(str(one.wrong))]
    return told[:count]


def measure_problem(
    target: Target,
    problem: Problem,
    filler: str,
    frame: Frame,
    copies: Sequence[int],
    count: Count,
) -> list[Point]:
    """Every dose and suffix of one problem and filler, asked together so that all is shared.

    Nothing, where a target that works offline does not know them all: half a curve is none.
    """
    texts = {number: filling(problem, filler, number, count) for number in copies}
    places = [(suffix, number) for number in copies for suffix in SUFFIXES]
    by_score = target.capabilities.scores
    requests = [
        _request(problem, texts[number] + SUFFIXES[suffix], frame, by_score=by_score)
        for suffix, number in places
    ]
    replies = {reply.request_id: reply for reply in target.generate(requests)}
    if any(request.id not in replies for request in requests):
        return []
    return [
        _point(problem, filler, suffix, number, replies[request.id], frame)
        for (suffix, number), request in zip(places, requests, strict=True)
    ]


def filling(problem: Problem, filler: str, copies: int, count: Count) -> str:
    """What stands before the question; shorter fillings are beginnings of longer ones."""
    if filler == "neutral":
        return _neutral(problem, copies, count)
    about = _other(problem) if filler == "other" else problem
    return fill(LINES[filler], about) * copies


def _other(problem: Problem) -> Problem:
    rng = random.Random(f"overload/other/{problem}")
    pool = ProblemPool("unseen", 1, ("+",))
    while (other := pool.draw(rng)).pair == problem.pair or other.wrong == problem.wrong:
        pass
    return other


def _neutral(problem: Problem, copies: int, count: Count) -> str:
    """Sentences without numbers, cut at a word, as long as the false equations are."""
    line = fill(LINES["false"], problem)
    wanted = (count(line * 3) - count(line * 2)) * copies
    rng = random.Random(f"overload/neutral/{problem}")
    text: list[str] = []
    length = 0
    while True:
        for word in rng.choice(lines("sentences")).split():
            step = count(f" {word}")
            if text and length + step > wanted:
                return " ".join(text) + " "
            text.append(word)
            length += step


def _request(problem: Problem, before: str, frame: Frame, *, by_score: bool) -> Request:
    prompt = ask(problem, frame, before)
    if by_score:
        answers = (answer_text(problem.wrong, frame), answer_text(problem.right, frame))
        return Request(prompt=prompt, answers=answers)
    return Request(prompt=prompt, decoding=Decoding())


def _point(
    problem: Problem, filler: str, suffix: str, copies: int, reply: Reply, frame: Frame
) -> Point:
    point = Point(problem, filler, suffix, copies, None, None, reply.error)
    if reply.error is not None:
        return point
    if reply.logprobs:
        false = reply.logprobs[0]
        return point._replace(false=false, steered=false > _HALF)
    verdicts = judge(reply, problem, frame, reply.request_id)
    outcome = next(one.outcome for one in verdicts if one.measure == TARGETED)
    return point._replace(steered=None if outcome == "unknown" else outcome == "hit")


_HALF = -0.693147


def complete_doses(points: Sequence[Point]) -> tuple[list[int], str | None]:
    """The doses that every problem of a filler could be asked at, and why the curve ends there.

    A dose that only short problems fit into would compare other problems, so it is left out.
    """
    failed = [point for point in points if point.error is not None]
    every = sorted({point.copies for point in points})
    if not failed:
        return every, None
    first = min(failed, key=lambda point: point.copies)
    kept = [number for number in every if number < first.copies]
    return kept, f"ends before {first.copies} copies: {first.error}"


def by_filler(points: Sequence[Point]) -> Iterator[tuple[str, list[Point]]]:
    for filler in FILLERS:
        mine = [point for point in points if point.filler == filler]
        if mine:
            yield filler, mine
