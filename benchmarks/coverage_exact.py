"""How often do the ranges of exactly judged rates hold the truth? Data whose truth is known.

    python benchmarks/coverage_exact.py --trials 2000 --seed 0

Attacks of 5 to 20 attempts each; an attack's own rate is drawn from a beta distribution that has
the correlation within attacks. Prints a table; the range for independent attempts stands beside.
"""

import argparse

import numpy as np

from temper.stats import clustered_proportion, wilson

RATES = (0.01, 0.02, 0.05, 0.1, 0.3, 0.5, 0.7, 0.9, 0.95)
CORRELATIONS = (0.0, 0.1, 0.3)
ATTACKS = (20, 40, 100)


def trial(
    rng: np.random.Generator, attacks: int, rate: float, correlation: float
) -> tuple[list[bool], list[int]]:
    """Hits and their attacks."""
    sizes = rng.integers(5, 21, attacks)
    own = np.full(attacks, rate)
    if correlation:
        strength = (1 - correlation) / correlation
        own = rng.beta(rate * strength, (1 - rate) * strength, attacks)
    attack_N = np.repeat(np.arange(attacks), sizes)
    return (rng.random(len(attack_N)) < own[attack_N]).tolist(), attack_N.tolist()


def cell(seed: int, trials: int, attacks: int, rate: float, correlation: float) -> np.ndarray:
    """Coverage and width in points: for independent attempts, then temper's."""
    rng = np.random.default_rng([seed, attacks, round(rate * 1000), round(correlation * 1000)])
    seen = np.zeros((2, 2))
    for _ in range(trials):
        hits, attack_N = trial(rng, attacks, rate, correlation)
        ranges = wilson(sum(hits), len(hits)), clustered_proportion(hits, attack_N)[1]
        seen += [[low <= rate <= high, high - low] for low, high in ranges]
    return 100 * seen / trials


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    print(
        "| attacks | rate | correlation | independent: coverage, width | temper: coverage, width |"
    )
    print("| --- | --- | --- | --- | --- |")
    lowest = 100.0
    for attacks in ATTACKS:
        for rate in RATES:
            for correlation in CORRELATIONS:
                naive, ours = cell(options.seed, options.trials, attacks, rate, correlation)
                lowest = min(lowest, ours[0])
                row = f"{naive[0]:.1f}, {naive[1]:.1f} | {ours[0]:.1f}, {ours[1]:.1f}"
                print(f"| {attacks} | {rate:.0%} | {correlation} | {row} |", flush=True)
    print(f"\nLowest coverage: {lowest:.1f}")


if __name__ == "__main__":
    main()
