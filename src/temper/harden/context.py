"""Mitigations that add to the context: a defensive instruction, or what a tool looked up."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from temper.harden.mitigated import combined
from temper.organisms.prompts import with_system
from temper.protocols import Target
from temper.records import Prompt, Reply, Request
from temper.targets.recorded import ask_all

LookUp = Callable[[Prompt], str | None]
"""A line that helps with this prompt, found in the prompt's own words; None where there is none."""


@dataclass(frozen=True, slots=True)
class Instruct:
    """Put an instruction above every prompt."""

    text: str
    name: str = "prompt"

    @property
    def identity(self) -> tuple[str, ...]:
        return self.name, self.text

    def answer(self, target: Target, requests: Sequence[Request]) -> list[Reply]:
        return _ask_below(target, requests, [self.text] * len(requests))


@dataclass(frozen=True, slots=True)
class Ground:
    """Put above each prompt what a tool finds for it: a calculator's line, a fact."""

    look_up: LookUp
    tool: str
    """Names the tool, since a function has no content to compare."""
    name: str = "ground"

    @property
    def identity(self) -> tuple[str, ...]:
        return self.name, self.tool

    def answer(self, target: Target, requests: Sequence[Request]) -> list[Reply]:
        return _ask_below(target, requests, [self.look_up(one.prompt) for one in requests])


def _ask_below(
    target: Target, requests: Sequence[Request], lines: Sequence[str | None]
) -> list[Reply]:
    asked = [
        replace(one, prompt=with_system(one.prompt, line)) if line else one
        for one, line in zip(requests, lines, strict=True)
    ]
    replies = ask_all(target, asked)
    return [combined(one, reply, [reply]) for one, reply in zip(requests, replies, strict=True)]
