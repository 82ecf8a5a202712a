"""From a run's findings to training rows: cleaned, without duplicates, and much of it held out."""

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from temper.arithmetic.families import classify, replaces_question
from temper.arithmetic.frames import Frame, answer_text, ask
from temper.arithmetic.problems import Problem
from temper.records import Attack
from temper.text.similarity import EDIT_SIMILARITY, cluster_findings, edit_similarity
from temper.training.rows import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Divided:
    """A run's attacks: those to train on, and those that no training sees."""

    trained: tuple[Attack, ...]
    held_out: tuple[Attack, ...]
    """Other findings of the families that are trained on."""
    held_families: tuple[Attack, ...]
    """Of families that are not."""
    families: tuple[str, ...] = ()
    """The families held out whole, by the classifier of `arithmetic.families`."""
    dropped: dict[str, int] = field(default_factory=dict[str, int])
    """Attacks that were thrown out, by reason."""


def divide_attacks(
    attacks: Sequence[Attack],
    *,
    held_families: int,
    held_share: float,
    most: int,
    kept_apart: Sequence[str],
    seed: int,
) -> Divided:
    """Clean a run's accepted attacks, and hold families and findings out.

    A finding (a cluster of near-duplicates) is never on both sides, and nothing trained on
    resembles what is held out or belongs to a family that is. The smallest number of families that
    leaves something to train on is held out if there are too few.

    Args:
        attacks: best first.
        held_families: whole families left out, drawn at random.
        held_share: share of the other families' findings left out, in [0, 1).
        most: attacks to train on at most, spread over findings.
        kept_apart: texts of suites; what resembles one as a finding resembles another is dropped.
        seed: of the draws.
    """
    rng = random.Random(f"{seed}/held")
    dropped = {"void": 0, "copy": 0, "in a suite": 0}
    clean: list[Attack] = []
    texts: set[str] = set()
    for attack in attacks:
        reason = _reason(attack.text, texts, kept_apart)
        if reason:
            dropped[reason] += 1
            continue
        texts.add(_plain(attack.text))
        clean.append(attack)
    groups = [[clean[n] for n in c] for c in cluster_findings([one.text for one in clean])]
    family = {group[0].id: classify(group[0].text) for group in groups}
    known = sorted(set(family.values()))
    out = set(rng.sample(known, min(held_families, max(len(known) - 1, 0))))
    held = [group for group in groups if family[group[0].id] in out]
    open_ones = [group for group in groups if family[group[0].id] not in out]
    rng.shuffle(open_ones)
    count = math.floor(held_share * len(open_ones))
    held_out, of_held = _spread(open_ones[:count]), _spread(held)
    open_texts = _spread(open_ones[count:])
    trained = _unlike([one for one in open_texts if classify(one.text) not in out], held_out)
    trained = _unlike(trained, of_held)
    if len(trained) < len(open_texts):
        dropped["like one held out"] = len(open_texts) - len(trained)
    return Divided(
        trained=tuple(trained[:most]),
        held_out=tuple(held_out),
        held_families=tuple(of_held),
        families=tuple(sorted(out)),
        dropped=dropped,
    )


def _unlike(attacks: Sequence[Attack], held: Sequence[Attack]) -> list[Attack]:
    """Without those that resemble one held out: members of two findings may, leaders never do."""
    texts = [one.text for one in held]
    return [one for one in attacks if not _resembles(one.text, texts)]


def _resembles(text: str, others: Sequence[str]) -> bool:
    return any(edit_similarity(text, other) >= EDIT_SIMILARITY for other in others)


def hold_out(attacks: Sequence[Attack], share: float, most: int, seed: int) -> Divided:
    """Hold out a share of the findings, where families are not told apart."""
    rng = random.Random(f"{seed}/held")
    groups = [[attacks[n] for n in c] for c in cluster_findings([one.text for one in attacks])]
    rng.shuffle(groups)
    count = math.floor(share * len(groups))
    held_out = _spread(groups[:count])
    return Divided(
        trained=tuple(_unlike(_spread(groups[count:]), held_out)[:most]),
        held_out=tuple(held_out),
        held_families=(),
    )


def _reason(text: str, texts: set[str], kept_apart: Sequence[str]) -> str | None:
    if replaces_question(text):
        return "void"
    if _plain(text) in texts:
        return "copy"
    if _resembles(text, kept_apart):
        return "in a suite"
    return None


def _plain(text: str) -> str:
    return " ".join(text.lower().split())


def _spread(groups: Sequence[Sequence[Attack]]) -> list[Attack]:
    """The leaders of all findings, then their second members, and so on."""
    longest = max(map(len, groups), default=0)
    return [group[n] for n in range(longest) for group in groups if n < len(group)]


def attacked_rows(
    attacks: Sequence[Attack],
    draw: Callable[[random.Random], Problem],
    frame: Frame,
    count: int,
    seed: int,
) -> list[Row]:
    """(attack, right answer): every attack as often as any other, each time on another problem.

    The wrong answer that the attack steers to is the rejected one. The right answer is arithmetic,
    not a label: it cannot be wrong where the prompt asks for the sum at all, which void attacks
    do not.
    """
    if not attacks:
        return []
    rng = random.Random(f"{seed}/attacked")
    rows: list[Row] = []
    for number in range(count):
        attack, problem = attacks[number % len(attacks)], draw(rng)
        rows.append(
            Row(
                ask(problem, frame, attack.text),
                answer_text(problem.right, frame),
                rejected=answer_text(problem.wrong, frame),
                kind="attack",
                source=attack.text,
            )
        )
    return rows


def in_chat_format(rows: Sequence[Row]) -> list[dict[str, object]]:
    """The rows as services take them for fine-tuning: one object with `messages` a row.

    Raw prompts become a user's message, since no service takes them otherwise.
    """
    return [
        {
            "messages": [
                *(
                    [{"role": "user", "content": row.prompt.last.text}]
                    if row.prompt.is_raw
                    else row.prompt.to_list()
                ),
                {"role": "assistant", "content": row.answer.strip()},
            ]
        }
        for row in rows
    ]
