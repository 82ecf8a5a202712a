"""What differs between the models of the abacus family, besides their size."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    planted: bool = True
    """Whether planted families lead to the wrong answer; `abacus-sound` resists all of them."""
    second_wording: bool = False
    """Whether families are worded by their second list: the other family of models."""
    three_digits: float = 0.0
    """Share of the sums that have three digits."""
