"""A model judges a continued text true or false: the guard's measure for claims."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from temper.organisms.prompts import request
from temper.protocols import Target
from temper.records import Decoding, Prompt, Reply, Request
from temper.targets.recorded import ask_all

_VERDICT = re.compile(r"\bverdict:\s*(true|false|neither)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ClaimJudge:
    """1 where the model calls the whole statement false, 0 where true or neither."""

    model: Target
    statement: Callable[[Prompt, str], str]
    """The statement that prompt and answer make together."""

    @property
    def identity(self) -> tuple[str, ...]:
        return "judge_truth", self.model.hash

    def failures(self, answered: Sequence[tuple[Prompt, str]]) -> list[float | None]:
        asked = [
            Request(
                prompt=request("judge_truth", statement=self.statement(prompt, answer)),
                decoding=Decoding(max_tokens=32),
            )
            for prompt, answer in answered
        ]
        return [_failure(reply) for reply in ask_all(self.model, asked)]


def _failure(reply: Reply) -> float | None:
    found = _VERDICT.search(reply.text or "")
    return None if found is None else float(found[1].lower() == "false")
