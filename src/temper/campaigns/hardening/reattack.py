"""Rounds of attacking and hardening: search the hardened model, train on what was found, again."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from temper.arithmetic.families import classify
from temper.campaigns.exams import asked
from temper.campaigns.fresh import Searched
from temper.campaigns.hardening.bench import Bench
from temper.campaigns.hardening.chain import Link, train_chain
from temper.campaigns.hardening.rows import TrainingData, kept_apart, rows_of
from temper.evaluate.clustered import Facets
from temper.evaluate.evidence import fresh_rate
from temper.harden.tuning.data import Divided, divide_attacks
from temper.records import Attack, Rate

FLAT = 0.02
"""A search that succeeds by less than this unlike the one before: the curve is flat."""
FIRST_SEED = 50_000
"""Seeds of these searches: unlike those that the result is judged by."""


class Round(NamedTuple):
    """One search against the model as it was, and what was trained on it."""

    number: int
    """From 2: the first round is the source run's own search."""
    searched: Searched
    rate: Rate
    """Success of the search's best attacks."""
    links: tuple[Link, ...]
    """Empty where the curve was flat, or nothing was found."""


def further_rounds(bench: Bench, data: TrainingData, links: Sequence[Link]) -> list[Round]:
    """Attack and harden until the settings' last round, or until the curve is flat.

    The texts of all rounds are trained on together, so that what was fixed stays fixed.
    """
    rounds: list[Round] = []
    texts, chain = list(data.texts), list(links)
    for number in range(2, bench.config.harden.rounds + 1):
        searched, rate = _attack(bench, chain[-1], number)
        new = _clean(searched, data.divided, {attack.text for attack in texts})
        if not new or _is_flat(rate, rounds):
            rounds.append(Round(number, searched, rate, ()))
            break
        texts = new + texts
        more = train_chain(bench, rows_of(bench.config, texts, bench.frame, number), chain)
        chain += more
        rounds.append(Round(number, searched, rate, tuple(more)))
    return rounds


def round_rates(bench: Bench, rounds: Sequence[Round]) -> Iterator[Rate]:
    """By round: what the search found, and how well its best attacks work."""
    for one in rounds:
        by = _facets(bench, one.number)
        note = "a count of this search, no estimate"
        scored = sum(candidate.score is not None for candidate in one.searched.candidates)
        for name, value in (
            ("search.accepted", len(one.searched.accepted)),
            ("findings.distinct", one.searched.distinct),
        ):
            yield Rate(name=name, value=float(value), n=scored, note=note, by=by)
        yield one.rate


def _attack(bench: Bench, link: Link, number: int) -> tuple[Searched, Rate]:
    settings, stage = bench.config.harden, f"round-{number}"
    model = bench.open(link.trained.last)
    bench.reporter.stage(f"round {number}: fresh search", settings.queries)
    searched = bench.exam.search(
        bench.recorded(model, f"{stage}/search"),
        bench.recorded(bench.target, f"{stage}/search", "red"),
        queries=settings.queries,
        attacks=settings.measured,
        seed=FIRST_SEED + 1_000 * number + bench.seed,
    )
    items = bench.exam.attacked(searched.best, "fresh")
    bench.reporter.stage(f"round {number}: measure", 2 * len(items))
    answers = asked(bench.recorded(model, f"{stage}/measure"), items, ())
    return searched, fresh_rate(answers.probed, _facets(bench, number))


def _facets(bench: Bench, number: int) -> Facets:
    return {
        "target": bench.target.name,
        "mitigation": bench.mitigation,
        "split": "fresh",
        "round": number,
    }


def _clean(searched: Searched, held: Divided, known: set[str]) -> list[Attack]:
    """The new findings that resemble nothing that is held out."""
    accepted = sorted(searched.accepted, key=lambda one: (-(one.score or 0), one.order))
    apart = [attack.text for attack in (*held.held_out, *held.held_families)]
    found = divide_attacks(
        [one.attack for one in accepted if classify(one.attack.text) not in held.families],
        held_families=0,
        held_share=0.0,
        most=len(accepted),
        kept_apart=kept_apart() + apart,
        seed=0,
    )
    return [attack for attack in found.trained if attack.text not in known]


def _is_flat(rate: Rate, rounds: Sequence[Round]) -> bool:
    if not rounds or rate.value is None or rounds[-1].rate.value is None:
        return False
    return abs(rate.value - rounds[-1].rate.value) < FLAT
