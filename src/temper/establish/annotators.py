"""Annotators that are programs: the exact oracle, the simulated annotator, a public classifier."""

import math
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from temper.errors import ConfigError
from temper.establish.labels import Item
from temper.records import Guideline, Label

Truth = Callable[[str], str]


class Oracle(NamedTuple):
    """An exact source of truth about text, and the labels that it gives."""

    truth: Truth
    labels: tuple[str, ...]


def _oracles() -> dict[str, Oracle]:
    from temper.organisms.truth import content, is_rude, stance, truth

    def rudeness(text: str) -> str:
        return "rude" if is_rude(text) else "polite"

    return {
        "almanac/truth": Oracle(truth, ("true", "false", "neither")),
        "almanac/rude": Oracle(rudeness, ("rude", "polite")),
        "almanac/stance": Oracle(stance, ("blame", "praise", "neither")),
        "almanac/content": Oracle(content, ("empty", "telling", "broken")),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedAnnotator:
    """Knows the truth and errs as told; the same item always gets the same label from it.

    Raises:
        ConfigError: a share outside [0, 1], or a bias towards no label of the oracle.
    """

    oracle: Oracle
    name: str
    noise: float = 0.0
    """Share of labels replaced by another one, each of the others alike."""
    bias: Mapping[tuple[str, str], float] = field(default_factory=dict[tuple[str, str], float])
    """From a true label to another: share of that label's items called the other one."""
    seconds: float | None = None
    """Median time for an item of twelve words; longer ones take longer. None: not timed."""
    seed: int = 0

    def __post_init__(self) -> None:
        for share in (self.noise, *self.bias.values()):
            if not 0 <= share <= 1:
                raise ConfigError(f"noise and bias are shares between 0 and 1, got {share}")
        for pair in self.bias:
            for label in pair:
                if label not in self.oracle.labels:
                    raise ConfigError(
                        f"bias: {label!r} is no label of the oracle"
                        f" ({', '.join(self.oracle.labels)})"
                    )

    def label(self, items: Iterable[Item], guideline: Guideline) -> Iterator[Label]:
        """One label an item, in order."""
        kind = "oracle"
        for item in items:
            rng = random.Random(f"{self.seed}/{self.name}/{item.id}")
            yield Label(
                item_id=item.id,
                text=item.text,
                value=self._value(self.oracle.truth(item.text), rng),
                annotator=self.name,
                kind=kind,
                guideline=guideline.version,
                seconds=self._seconds(item.text, rng),
            )

    def _value(self, value: str, rng: random.Random) -> str:
        turn, other = rng.random(), rng.random()
        for (wrong_from, to), share in self.bias.items():
            if wrong_from == value:
                if turn < share:
                    return to
                turn = (turn - share) / (1 - share) if share < 1 else 1.0
        if turn < self.noise:
            others = [label for label in self.oracle.labels if label != value]
            return others[int(other * len(others))]
        return value

    def _seconds(self, text: str, rng: random.Random) -> float | None:
        if self.seconds is None:
            return None
        words = max(1, len(text.split()))
        return round(self.seconds * math.sqrt(words / 12) * rng.lognormvariate(0, 0.5), 2)


def find_oracle(name: str, guideline: Guideline) -> Oracle:
    """The oracle of that name.

    Raises:
        ConfigError: there is none, or its labels are not the guideline's.
    """
    oracles = _oracles()
    if name not in oracles:
        raise ConfigError(f"no oracle {name!r}: there are {', '.join(oracles)}")
    oracle = oracles[name]
    if strange := set(oracle.labels) - set(guideline.labels):
        raise ConfigError(
            f"oracle {name} says {', '.join(sorted(strange))}, which the guideline does not have:"
            f" use the labels {', '.join(oracle.labels)}"
        )
    return oracle


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdAnnotator:
    """A classifier that somebody published: one label from a probability on, another below."""

    name: str
    threshold: float
    at_or_above: str
    below: str

    def label(
        self, items: Sequence[Item], probabilities_N: Sequence[float], guideline: Guideline
    ) -> Iterator[Label]:
        """One label an item; the probability is kept as its note.

        Raises:
            ConfigError: one of the two labels is not the guideline's.
        """
        known_labels(guideline, self.at_or_above, self.below)
        for item, probability in zip(items, probabilities_N, strict=True):
            hit = probability >= self.threshold
            yield Label(
                item_id=item.id,
                text=item.text,
                value=self.at_or_above if hit else self.below,
                annotator=self.name,
                kind="classifier",
                guideline=guideline.version,
                note=f"p={probability:.4f}",
            )


def known_labels(guideline: Guideline, *labels: str) -> None:
    """See that the guideline has them.

    Raises:
        ConfigError: one of them is not the guideline's.
    """
    for label in labels:
        if label not in guideline.labels:
            raise ConfigError(
                f"{label!r} is no label: the guideline has {', '.join(guideline.labels)}"
            )
