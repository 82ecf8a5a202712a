"""Put attacks to a target on problems that no search has seen, and judge what comes back."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from temper.arithmetic.frames import Frame, ask
from temper.arithmetic.oracle import judge
from temper.arithmetic.problems import Problem
from temper.protocols import Target
from temper.records import Attack, Attempt, Decoding, Reply, Request, Selection, Split, Verdict


class Chosen(NamedTuple):
    """An attack to measure, and why it was chosen."""

    attack: Attack
    selection: Selection
    source: str = ""
    """The target that a replayed attack was found on."""


class Judged(NamedTuple):
    attempt: Attempt
    verdicts: list[Verdict]


DECODINGS = ("greedy", "default")
"""Always greedy; and, as the model would be used, by its own default settings."""


def decoding_named(name: str, max_tokens: int) -> Decoding:
    return Decoding(max_tokens=max_tokens, temperature=0.0 if name == "greedy" else None)


def measure_attacks(
    target: Target,
    chosen: Sequence[Chosen],
    problems: Sequence[Problem],
    frame: Frame,
    max_tokens: int,
    *,
    target_name: str = "",
    split: Split = "unseen",
) -> Iterator[Judged]:
    """Every attack on every problem, once greedily and once by the target's own sampling.

    A target that works offline leaves requests without reply; those are no attempts.
    """
    wanted: list[tuple[Chosen, Problem, str, Request]] = []
    for item in chosen:
        for problem in problems:
            for name in DECODINGS:
                request = Request(
                    prompt=ask(problem, frame, item.attack.text),
                    decoding=decoding_named(name, max_tokens),
                )
                wanted.append((item, problem, name, request))
    requests = list({request.id: request for *_, request in wanted}.values())
    replies = {reply.request_id: reply for reply in target.generate(requests)}
    for item, problem, name, request in wanted:
        if request.id not in replies:
            continue
        judged = _judged(item, problem, name, frame, replies[request.id])
        attempt = replace(judged.attempt, target=target_name, split=split)
        verdicts = [replace(one, subject_id=attempt.id) for one in judged.verdicts]
        yield Judged(attempt, verdicts)


def _judged(item: Chosen, problem: Problem, decoding: str, frame: Frame, reply: Reply) -> Judged:
    attempt = Attempt(
        attack_id=item.attack.id,
        attacker=item.attack.attacker,
        exchange_id=reply.exchange_id or reply.request_id,
        problem=str(problem),
        digits=problem.digits,
        split="unseen",
        decoding=decoding,
        selection=item.selection,
        source=item.source,
    )
    return Judged(attempt, judge(reply, problem, frame, attempt.id))
