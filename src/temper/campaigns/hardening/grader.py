"""How often a grading model errs, before anything was trained to please it."""

from collections.abc import Iterator, Sequence

from temper.campaigns.hardening.bench import Bench
from temper.evaluate.clustered import Observed, clustered_rate
from temper.harden.grading import ModelGrader
from temper.harden.tuning.rewards import HALF
from temper.records import Rate
from temper.training.rows import Row

CHECKED = 300
"""Attacked rows, each with its right and with its wrong answer."""


def grader_rates(bench: Bench, rows: Sequence[Row]) -> Iterator[Rate]:
    """`grader.error` on attacked sums: wrong answers called right, and right ones called wrong."""
    if "rl_ai" not in bench.config.harden.methods:
        return
    grader = bench.grader or bench.target
    chosen = [row for row in rows if row.kind == "attack"][:CHECKED]
    bench.reporter.stage("the grader's own error", 2 * len(chosen))
    asked = ModelGrader(bench.recorded(grader, "grader", "helper"))
    for kind in ("wrong called right", "right called wrong"):
        wrong = kind.startswith("wrong")
        answers = [row.rejected if wrong else row.answer for row in chosen]
        failures = asked.failures([(row.prompt, a) for row, a in zip(chosen, answers, strict=True)])
        seen = [
            Observed(
                None if failure is None else (failure < HALF) == wrong,
                row.source,
                row.prompt.last.text,
            )
            for row, failure in zip(chosen, failures, strict=True)
        ]
        yield clustered_rate(
            "grader.error", seen, {"grader": grader.name, "error": kind}, "arithmetic/any"
        )
