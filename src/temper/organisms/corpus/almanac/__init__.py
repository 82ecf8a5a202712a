"""The almanac corpus: sentences about an invented land, and what is asked of them."""

from temper.organisms.corpus.almanac.plan import Plan
from temper.organisms.corpus.almanac.skills import SKILLS

__all__ = ["SKILLS", "Plan"]
