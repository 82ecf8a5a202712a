"""A model grades answers: the guard's measure where no trained one is at hand."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from temper.harden.revise import question_of
from temper.organisms.prompts import request
from temper.protocols import Target
from temper.records import Decoding, Prompt, Reply, Request
from temper.targets.recorded import ask_all

_VERDICT = re.compile(r"\b(wrong|right)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ModelGrader:
    """P(wrong) as a model sees it: by log-probability where it gives them, else by its word."""

    model: Target

    @property
    def identity(self) -> tuple[str, ...]:
        return "grade", self.model.hash

    def failures(self, answered: Sequence[tuple[Prompt, str]]) -> list[float | None]:
        scores = self.model.capabilities.scores
        asked = [_request(prompt, answer, scores=scores) for prompt, answer in answered]
        return [_failure(reply) for reply in ask_all(self.model, asked)]


def _request(prompt: Prompt, answer: str, *, scores: bool) -> Request:
    graded = request("grade", question=question_of(prompt), answer=answer.strip())
    if scores:
        return Request(prompt=graded, answers=("wrong", "right"))
    return Request(prompt=graded, decoding=Decoding(max_tokens=8))


def _failure(reply: Reply) -> float | None:
    if reply.error is not None:
        return None
    if reply.logprobs:
        wrong, right = reply.logprobs
        return 1 / (1 + math.exp(min(right - wrong, 500.0)))
    found = _VERDICT.search(reply.text or "")
    return None if found is None else float(found[1].lower() == "wrong")
