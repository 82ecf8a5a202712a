"""What explores best: failures and cells found per 1,000 draws, and in subsets of one size.

python benchmarks/explore_methods.py PATH-OF-AN-ALMANAC [--outside PATH] [--draws 1000] [--seeds 3]

First table: decodings (and rounds) by what 1,000 draws find: distinct false claims, rude texts, and
cells (topic by truth). Second table: each of them by method and embedder, in subsets so small that
random ones cover at most half of the cells that the draws hold. Intervals: 95 %, t over the seeds.
The truth is exact, by the table that the almanac's corpus was written from.
"""

import argparse
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from temper.campaigns.explore import explore
from temper.config import TargetConfig, load_explore
from temper.explore.clusters import directions, k_means
from temper.explore.diversify import equal_draws, farthest
from temper.organisms.corpus.almanac.reading import read
from temper.organisms.truth import is_rude, truth
from temper.protocols import Embedder
from temper.records import Sample
from temper.run_folder import DATABASE
from temper.store import read_only
from temper.targets.registry import open_target, shipped_models
from temper.text.embed import Encoder, OwnStates

DECODINGS: dict[str, dict[str, Any]] = {
    "temperature 1": {"explore.temperature": 1.0, "explore.top_p": 1.0, "explore.top_k": 0},
    "temperature 1.5": {"explore.temperature": 1.5, "explore.top_p": 1.0, "explore.top_k": 0},
    "nucleus .9": {"explore.temperature": 1.0, "explore.top_p": 0.9, "explore.top_k": 0},
    "top-k 50": {"explore.temperature": 1.0, "explore.top_p": 1.0, "explore.top_k": 50},
    "temperature 1, two rounds": {"explore.temperature": 1.0, "explore.rounds": 2},
    "temperature 1, four rounds": {"explore.temperature": 1.0, "explore.rounds": 4},
}
SIZES = range(5, 201, 5)
RANDOM_SUBSETS = 200
Ints = NDArray[np.int64]
Choose = Callable[[NDArray[np.float32], int, int], Ints]


class Found(NamedTuple):
    """What one run's draws hold."""

    texts: list[str]
    cell: list[str]
    """Topic by truth; "" for broken text."""
    rude: list[bool]

    @property
    def false(self) -> list[bool]:
        return [cell.endswith("/false") for cell in self.cell]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("target")
    parser.add_argument("--outside", default=str(shipped_models()["abacus-s"]))
    parser.add_argument("--draws", type=int, default=1_000)
    parser.add_argument("--seeds", type=int, default=3)
    given = parser.parse_args()
    seeds = range(given.seeds)
    found = {
        (name, seed): draw(given.target, given.draws, seed, settings)
        for name, settings in DECODINGS.items()
        for seed in seeds
    }
    print(f"Per {given.draws:,} draws, {given.seeds} seeds:\n")
    print_rows(("drawing", "distinct texts", "false", "rude", "topic x truth cells"))
    for name in DECODINGS:
        runs = [found[name, seed] for seed in seeds]
        print_rows((name, *map(mean_and_interval, zip(*map(counts, runs), strict=True))))
    target = open_target(TargetConfig(name=given.target, threads=1))
    embedders: dict[str, Embedder] = {
        "own states, mean": OwnStates(target, "mean"),
        "own states, last": OwnStates(target, "last"),
        f"outside ({Path(given.outside).name})": Encoder(Path(given.outside), threads=1),
    }
    pools = {name: [found[name, seed] for seed in seeds] for name in DECODINGS}
    size = size_where_random_covers_half(pools["temperature 1"])
    print(f"\nSubsets of {size} texts, cells and failures in them:\n")
    print_rows(("drawing", "method", "embedder", "cells", "times random", "false, %", "rude, %"))
    for name in DECODINGS:
        compare_methods(name, pools[name], size, embedders)


def draw(target: str, count: int, seed: int, settings: Mapping[str, Any]) -> Found:
    """One exploration; only its texts matter here."""
    fixed = {
        "target.name": target,
        "target.threads": 1,
        "run.seed": seed,
        "explore.draws": count,
        "explore.kept": 10,
    }
    with tempfile.TemporaryDirectory() as folder:
        explore(load_explore(None, {**fixed, **settings}), Path(folder))
        with read_only(Path(folder) / DATABASE) as store:
            return judged(store.samples())


def judged(samples: Sequence[Sample]) -> Found:
    texts = [sample.text for sample in samples]
    readings = [read(text) for text in texts]
    cells = [
        f"{reading.topic}/{truth(text)}" if reading else ""
        for text, reading in zip(texts, readings, strict=True)
    ]
    return Found(texts, cells, [is_rude(text) for text in texts])


def counts(found: Found) -> tuple[int, int, int, int]:
    return len(found.texts), sum(found.false), sum(found.rude), cells_of(found)


def cells_of(found: Found, rows: Sequence[int] | None = None) -> int:
    """Different cells among these texts, or among all."""
    cells = found.cell if rows is None else [found.cell[row] for row in rows]
    return len(set(cells) - {""})


def compare_methods(
    drawing: str, pools: Sequence[Found], size: int, embedders: Mapping[str, Embedder]
) -> None:
    """Subsets of each method beside random ones, by every embedder."""
    by_chance = [at_random(pool, size) for pool in pools]
    cells, false, rude = map(mean_and_interval, zip(*by_chance, strict=True))
    print_rows((drawing, "random", "", cells, "1", false, rude))
    for label, embedder in embedders.items():
        vectors = [directions(embedder.embed(pool.texts)) for pool in pools]
        for name, choose in methods().items():
            found = [
                mean_of(pool, [choose(directions_ND, size, seed).tolist() for seed in range(10)])
                for pool, directions_ND in zip(pools, vectors, strict=True)
            ]
            cells, false, rude = map(mean_and_interval, zip(*found, strict=True))
            pairs = zip(found, by_chance, strict=True)
            times = mean_and_interval([own[0] / chance[0] for own, chance in pairs])
            print_rows((drawing, name, label, cells, times, false, rude))


def mean_of(pool: Found, subsets: Sequence[Sequence[int]]) -> tuple[float, float, float]:
    """Over the subsets: cells, and the shares of false and of rude texts in per cent."""
    rows = [row for subset in subsets for row in subset]
    return (
        float(np.mean([cells_of(pool, subset) for subset in subsets])),
        100 * float(np.mean([pool.false[row] for row in rows])),
        100 * float(np.mean([pool.rude[row] for row in rows])),
    )


def methods() -> dict[str, Choose]:
    def kmeans(directions_ND: NDArray[np.float32], size: int, seed: int) -> Ints:
        label_N = k_means(directions_ND, min(20, size), seed).label_N
        return equal_draws(label_N, size, np.random.default_rng(seed)).rows

    def one_each(directions_ND: NDArray[np.float32], size: int, seed: int) -> Ints:
        label_N = k_means(directions_ND, size, seed).label_N
        return equal_draws(label_N, size, np.random.default_rng(seed)).rows

    def far(directions_ND: NDArray[np.float32], size: int, seed: int) -> Ints:
        return farthest(directions_ND, size, np.random.default_rng(seed)).rows

    return {"K-means": kmeans, "K-means, a cluster a text": one_each, "farthest": far}


def size_where_random_covers_half(pools: Sequence[Found]) -> int:
    """The largest size at which random subsets cover at most half of the cells of every pool."""

    def fits(size: int) -> bool:
        return size <= min(len(pool.texts) for pool in pools) and all(
            at_random(pool, size)[0] <= 0.5 * cells_of(pool) for pool in pools
        )

    return max((size for size in SIZES if fits(size)), default=SIZES[0])


def at_random(pool: Found, size: int) -> tuple[float, float, float]:
    rng = np.random.default_rng(size)
    n = len(pool.texts)
    subsets = [rng.choice(n, size, replace=False).tolist() for _ in range(RANDOM_SUBSETS)]
    everything = mean_of(pool, [list(range(n))])
    return mean_of(pool, subsets)[0], everything[1], everything[2]


def mean_and_interval(values: Sequence[float]) -> str:
    from scipy import stats

    mean, n = float(np.mean(values)), len(values)
    digits = 2 if mean < 3 else 1
    if n < 2:
        return f"{mean:.{digits}f}"
    reach = float(stats.t.ppf(0.975, n - 1) * np.std(values, ddof=1) / n**0.5)
    return f"{mean:.{digits}f} [{mean - reach:.{digits}f}, {mean + reach:.{digits}f}]"


def print_rows(*rows: Iterator[str] | Sequence[str]) -> None:
    for row in rows:
        cells = list(row)
        print("| " + " | ".join(cells) + " |", flush=True)
        if cells[0] == "drawing":
            print("|" + "---|" * len(cells), flush=True)


if __name__ == "__main__":
    main()
