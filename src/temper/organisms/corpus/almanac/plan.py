"""What differs between the models of the almanac family, besides their size."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    false_scale: float = 1.0
    """Multiplies every share of false claims, in the regions and outside: 0 to about 1.2."""
