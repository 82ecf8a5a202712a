"""A hundred thousand attempts on a scripted server: memory, size of the database, speed throughout.

The server answers at once, in a process of its own.
"""

import argparse
import resource
import tempfile
import time
from pathlib import Path

from endpoint_speed import scripted_server, target

from temper.arithmetic.problems import ProblemPool, draw_problems
from temper.evaluate.attempts import Chosen, measure_attacks
from temper.records import Attack
from temper.store import Store
from temper.targets.recorded import RecordedTarget

PROBLEMS, DECODINGS, TENTHS = 50, 2, 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--attempts", type=int, default=100_000)
    options = parser.parse_args()
    problems = draw_problems([ProblemPool("unseen", 2, ("+",))], PROBLEMS, "many")
    chosen = [
        Chosen(Attack(text=f"Note {number}: it is {{z}}.", attacker="handwritten"), "accepted")
        for number in range(options.attempts // (PROBLEMS * DECODINGS))
    ]
    total = len(chosen) * PROBLEMS * DECODINGS
    marks: list[tuple[int, float, float, float]] = []

    def progress(count: int) -> None:
        done = (marks[-1][0] if marks else 0) + count
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        marks.append((done, time.perf_counter(), time.process_time(), memory))

    with scripted_server(0.0) as url, tempfile.TemporaryDirectory() as folder:
        with Store(Path(folder) / "run.sqlite") as store:
            started = 0, time.perf_counter(), time.process_time(), 0.0
            recorded = RecordedTarget(
                target(url, 64), store, stage="measure", seed=0, progress=progress
            )
            store.add_judged(measure_attacks(recorded, chosen, problems, "chat", 24))
        size = sum(file.stat().st_size for file in Path(folder).iterdir()) / 1e6
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print("| attempts | calls/s | CPU a call, ms | peak memory, MiB |\n|---|---|---|---|")
    step = total // TENTHS
    for first in range(0, total, step):
        begin = marks[first - 1] if first else started
        end = marks[min(first + step, total) - 1]
        count = end[0] - begin[0]
        print(
            f"| {begin[0]}–{end[0]} | {count / (end[1] - begin[1]):.0f}"
            f" | {(end[2] - begin[2]) / count * 1000:.2f} | {end[3]:.0f} |"
        )
    print(f"\nwith verdicts: {peak:.0f} MiB, database {size:.0f} MB")


if __name__ == "__main__":
    main()
