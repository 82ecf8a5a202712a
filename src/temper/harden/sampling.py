"""Mitigations that draw several answers: abstain where they disagree, guard with a measure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from temper.harden.mitigated import combined, withheld
from temper.protocols import Target
from temper.records import Decoding, Prompt, Reply, Request
from temper.targets.recorded import ask_all


class Screen(Protocol):
    """Any measure that a guard can use: P(failure) of each answer, None for "could not tell"."""

    @property
    def identity(self) -> tuple[str, ...]: ...

    def failures(self, answered: Sequence[tuple[Prompt, str]]) -> list[float | None]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Abstain:
    """Draw m answers and give the commonest, unless fewer than a share of them agree on it.

    Answers agree when they are the same text but for case and white space, so it suits short ones.
    """

    samples: int = 5
    agreement: float = 1.0
    """Share in (0, 1] of the samples that must agree."""
    temperature: float = 1.0
    name: str = "abstain"

    @property
    def identity(self) -> tuple[str, ...]:
        return self.name, str(self.samples), str(self.agreement), str(self.temperature)

    def answer(self, target: Target, requests: Sequence[Request]) -> list[Reply]:
        asked = [
            _resampled(one, one.sample * self.samples + number, self.temperature)
            for one in requests
            for number in range(self.samples)
        ]
        replies = ask_all(target, asked)
        return [
            self._decide(one, replies[place * self.samples : (place + 1) * self.samples])
            for place, one in enumerate(requests)
        ]

    def _decide(self, asked: Request, drawn: Sequence[Reply]) -> Reply:
        failed = next((reply for reply in drawn if reply.text is None), None)
        if failed is not None:
            return combined(asked, failed, drawn)
        texts = [" ".join((reply.text or "").split()).casefold() for reply in drawn]
        commonest, count = Counter(texts).most_common(1)[0]
        if count < self.agreement * self.samples:
            return withheld(asked, drawn)
        return combined(asked, drawn[texts.index(commonest)], drawn)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """Let a measure reject answers, and draw again up to `tries` times; then say nothing.

    What the measure cannot judge it rejects: unknown is never safe.
    """

    screen: Screen
    threshold: float = 0.5
    tries: int = 3
    temperature: float = 1.0
    name: str = "guard"

    @property
    def identity(self) -> tuple[str, ...]:
        settings = self.threshold, self.tries, self.temperature
        return self.name, *self.screen.identity, *map(str, settings)

    def answer(self, target: Target, requests: Sequence[Request]) -> list[Reply]:
        calls: list[list[Reply]] = [[] for _ in requests]
        done: list[Reply | None] = [None] * len(requests)
        for attempt in range(self.tries + 1):
            waiting = [place for place, reply in enumerate(done) if reply is None]
            asked = [self._again(requests[place], attempt) for place in waiting]
            drawn = ask_all(target, asked)
            for place, reply, passes in zip(
                waiting, drawn, self._passes(requests, waiting, drawn), strict=True
            ):
                calls[place].append(reply)
                if passes:
                    done[place] = reply
        return [
            combined(one, reply, all_of) if reply else withheld(one, all_of)
            for one, reply, all_of in zip(requests, done, calls, strict=True)
        ]

    def _again(self, asked: Request, attempt: int) -> Request:
        """First as it was asked, then other samples; no two samples of a user share one."""
        sample = asked.sample * (self.tries + 1) + attempt
        if attempt == 0:
            return replace(asked, sample=sample)
        return _resampled(asked, sample, self.temperature)

    def _passes(
        self, requests: Sequence[Request], places: Sequence[int], drawn: Sequence[Reply]
    ) -> list[bool]:
        """An error passes on as it is: nobody knows what the answer would have been."""
        readable = [
            (requests[place].prompt, reply.text)
            for place, reply in zip(places, drawn, strict=True)
            if reply.text is not None
        ]
        failures = iter(self.screen.failures(readable))
        passes: list[bool] = []
        for reply in drawn:
            failure = next(failures) if reply.text is not None else 0.0
            passes.append(failure is not None and failure < self.threshold)
        return passes


def _resampled(asked: Request, sample: int, temperature: float) -> Request:
    decoding = asked.decoding or Decoding()
    if decoding.temperature == 0:
        decoding = replace(decoding, temperature=temperature)
    return replace(asked, decoding=decoding, sample=sample)
