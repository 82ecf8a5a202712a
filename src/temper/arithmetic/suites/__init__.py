"""Fixed, versioned sets of prompts with exact answers: no attacker, no judge, no cost but time.

The texts lie in `texts/`; a seed decides which problems they are asked with. Whatever changes what
a seed draws raises VERSION, for figures of two versions are not to be compared.
"""

from temper.arithmetic.suites.items import COPY, Item, judge_item
from temper.arithmetic.suites.registry import SUITES, draw_suite

VERSION = "3"

__all__ = ["COPY", "SUITES", "VERSION", "Item", "draw_suite", "judge_item"]
