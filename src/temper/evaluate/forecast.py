"""What a run will spend, told from its own first rounds, with an interval.

A pilot is the beginning of the very run: what it asked is not asked again. Searches spend their
budget; what the measurement spends depends on how many attacks are accepted, and what a query
spends in tokens on how long prompts and answers are. Both are drawn from what the pilot saw.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from temper.budget import Price
from temper.config import Config

DRAWS = 2_000
DECODINGS = 2
"""Every attempt is made greedily and by the target's own sampling."""
DRIFT = 0.6
"""Standard deviation of the logarithm by which a learning attacker's rate of acceptance may change
after the pilot: it rose 1.5 to 5 times after the first round on the shipped models."""
UNSURE = 0.12
"""The same for the mean tokens of a query, on top of what the pilot's own spread says."""
SURE = 0.95


class Interval(NamedTuple):
    low: float
    middle: float
    high: float


class Forecast(NamedTuple):
    """Of the whole run, the pilot included."""

    queries: Interval
    tokens: Interval
    cost: Interval | None
    """None where a model has no price."""
    minutes: Interval


class Pilot(NamedTuple):
    """What the beginning of a run spent and found."""

    candidates: Sequence[Mapping[str, Any]]
    exchanges: Sequence[Mapping[str, Any]]
    """Stage, role, characters of the prompt, tokens in and out of each."""
    seconds: float
    plain_prompts: Sequence[int]
    """Characters of the prompts that the measurement asks without an attack."""
    a_candidate: int
    """Target queries for each candidate that is scored."""


def forecast(pilot: Pilot, config: Config, prices: Mapping[str, Price | None]) -> Forecast:
    """Draw the rest of the run many times.

    Args:
        pilot: the beginning.
        config: of the whole run.
        prices: of each role's model; None is not known.
    """
    rng = np.random.default_rng(0)
    search = np.zeros(DRAWS)
    attacks = np.zeros(DRAWS)
    red = np.zeros(DRAWS)
    for attacker in config.attack.attackers:
        rows = [row for row in pilot.candidates if row["attacker"] == attacker]
        asked, measured = _one_search(rng, rows, attacker, config, pilot.a_candidate)
        search += asked
        attacks += measured
        red += asked * _red_share(pilot, attacker)
    plain = np.full(DRAWS, float(DECODINGS * len(pilot.plain_prompts)))
    attacked = attacks * DECODINGS * config.measure.problems
    # what the pilot measured comes first in the run; attacks among it may not be chosen there
    measured = sum(row["stage"] == "measure" for row in pilot.exchanges) - plain[0]
    attacked += rng.uniform(0, 1, DRAWS) * max(0.0, measured)
    queries = search + plain + attacked
    parts = (
        ("target", search, _means(rng, pilot.exchanges, "target", "search")),
        ("red", red, _means(rng, pilot.exchanges, "red", "search")),
        ("target", attacked, _means(rng, pilot.exchanges, "target", "measure")),
        ("target", plain, _plain_means(rng, pilot)),
    )
    tokens, cost = np.zeros(DRAWS), np.zeros(DRAWS)
    for role, count, (mean_in, mean_out) in parts:
        tokens += count * (mean_in + mean_out)
        price = prices.get(role) or Price(0.0, 0.0)
        cost += count * (mean_in * price.input + mean_out * price.output) / 1e6
    known = all(price is not None for price in prices.values())
    return Forecast(
        queries=_interval(queries),
        tokens=_interval(tokens),
        cost=_interval(cost) if known and prices else None,
        minutes=_interval(_minutes(rng, pilot, queries + red)),
    )


def _one_search(
    rng: Any, rows: Sequence[Mapping[str, Any]], attacker: str, config: Config, each: int
) -> tuple[Any, Any]:
    """Draws of its target queries, and of its attacks that the measurement meets."""
    spent = max((row["queries"] for row in rows), default=0)
    budget = config.attack.max_queries
    scored = [row for row in rows if row["score"] is not None]
    if attacker == "none" or not scored:
        return np.full(DRAWS, float(spent)), np.zeros(DRAWS)
    most = budget // each
    total = float(most * each) if spent >= each else float(spent)
    accepted = sum(bool(row["accepted"]) for row in scored)
    rate = rng.beta(accepted + 0.5, len(scored) - accepted + 0.5, DRAWS)
    if attacker in ("pirs", "inversion"):
        rate = np.clip(rate * np.exp(rng.normal(DRIFT / 2, DRIFT, DRAWS)), 0, 1)
    left = max(0, int(total) // each - len(scored))
    found = accepted + rng.binomial(left, rate)
    kept = np.minimum(found, config.measure.max_attacks)
    proposed = np.minimum(config.measure.proposed, len(scored) + left)
    # a proposed attack that was accepted is measured once
    overlap = rng.binomial(proposed, kept / np.maximum(1, len(scored) + left))
    best = (found > 0) & (rng.random(DRAWS) > kept / np.maximum(1, found))
    return np.full(DRAWS, total), kept + proposed - overlap + best


def _red_share(pilot: Pilot, attacker: str) -> float:
    """Red queries for each target query of the attacker's search."""
    stage = f"search/{attacker}"
    counts = {
        role: sum(row["stage"] == stage and row["role"] == role for row in pilot.exchanges)
        for role in ("red", "target")
    }
    return counts["red"] / max(1, counts["target"])


def _means(rng: Any, rows: Sequence[Mapping[str, Any]], role: str, stage: str) -> tuple[Any, Any]:
    """Draws of the mean tokens in and out of such a query."""
    mine = [row for row in rows if row["role"] == role and row["stage"].split("/")[0] == stage]
    if not mine:
        return np.zeros(DRAWS), np.zeros(DRAWS)
    values = np.array([[row["tokens_in"] or 0, row["tokens_out"] or 0] for row in mine], float)
    mean = values.mean(axis=0)
    error = values.std(axis=0) / np.sqrt(len(values)) + UNSURE * mean
    drawn = rng.normal(mean, error, (DRAWS, 2)).clip(0)
    return drawn[:, 0], drawn[:, 1]


def _plain_means(rng: Any, pilot: Pilot) -> tuple[Any, Any]:
    """The same for prompts without attack: shorter, by the tokens that a character takes."""
    mean_in, mean_out = _means(rng, pilot.exchanges, "target", "measure")
    mine = [row for row in pilot.exchanges if row["stage"] == "measure"]
    characters = sum(row["characters"] for row in mine) / max(1, len(mine))
    plain = sum(pilot.plain_prompts) / max(1, len(pilot.plain_prompts))
    shorter = plain / characters if characters else 1.0
    # templates add tokens that no character shows: between as long and proportionally shorter
    share = rng.uniform(min(shorter, 1.0), 1.0, DRAWS)
    return mean_in * share, mean_out


def _minutes(rng: Any, pilot: Pilot, calls: Any) -> Any:
    """A longer run has its calls in flight fuller, and servers vary: a factor of two either way."""
    pace = pilot.seconds / max(1, len(pilot.exchanges))
    return calls * pace / 60 * np.exp(rng.normal(-0.1, 0.35, DRAWS))


def _interval(values: Any) -> Interval:
    low, middle, high = np.quantile(values, [(1 - SURE) / 2, 0.5, (1 + SURE) / 2])
    return Interval(float(low), float(middle), float(high))
