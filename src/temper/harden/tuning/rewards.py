"""Rewards of a defender: exact, or what a grading model thinks of the answer."""

from collections.abc import Sequence

from temper.harden.grading import ModelGrader
from temper.training.batch_reward import Batch, Reward, Scored
from temper.training.rows import Row

HALF = 0.5
GRADED = ("attack", "sums", "other wordings", "stories", "true claims")
"""Kinds of rows that the grader's question fits."""


def exact_reward(rows: Sequence[Row]) -> Reward:
    """1 for the row's answer, 0 for anything else, an answer that does not end included."""

    def reward(batch: Batch) -> Scored:
        right = [
            is_right(rows[place], text) and finished
            for place, text, finished in zip(
                batch.prompts, batch.completions, batch.finished, strict=True
            )
        ]
        return Scored([float(one) for one in right], _shares(rows, batch, right))

    return reward


def ai_reward(rows: Sequence[Row], grader: ModelGrader) -> Reward:
    """P(right) as the grader sees question and answer; no truth comes in.

    Copies and look-ups are rewarded exactly: what is right there stands in the prompt itself. The
    curves hold the grades against the truth, which moves nothing: how far the policy goes where the
    grader errs.

    Args:
        rows: by place of the prompt.
        grader: asked about attacked and plain sums.
    """

    def reward(batch: Batch) -> Scored:
        asked = [rows[place] for place in batch.prompts]
        right = [is_right(row, text) for row, text in zip(asked, batch.completions, strict=True)]
        sums = [n for n, row in enumerate(asked) if row.kind in GRADED]
        failures = grader.failures([(asked[n].prompt, batch.completions[n]) for n in sums])
        rewards: list[float | None] = [float(one) for one in right]
        for n, failure in zip(sums, failures, strict=True):
            rewards[n] = None if failure is None else (1 - failure) * batch.finished[n]
        curves = _shares(rows, batch, right)
        for name, truth in (("wrong called right", False), ("right called right", True)):
            mine = [rewards[n] for n in sums if right[n] is truth and rewards[n] is not None]
            if mine:
                curves[f"grader/{name}"] = sum((one or 0) > HALF for one in mine) / len(mine)
        return Scored(rewards, curves)

    return reward


def is_right(row: Row, text: str) -> bool:
    return text.split() == row.answer.split()


def _shares(rows: Sequence[Row], batch: Batch, right: Sequence[bool]) -> dict[str, float]:
    """The share of right answers by kind of row."""
    curves: dict[str, float] = {}
    for kind in sorted({rows[place].kind for place in batch.prompts}):
        mine = [
            ok for place, ok in zip(batch.prompts, right, strict=True) if rows[place].kind == kind
        ]
        curves[f"right/{kind}"] = sum(mine) / len(mine)
    return curves
