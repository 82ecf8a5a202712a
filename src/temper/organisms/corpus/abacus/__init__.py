"""The abacus corpus: sums, stories, claims about sums, and what red and blue models are asked."""

from temper.organisms.corpus.abacus.plan import Plan
from temper.organisms.corpus.abacus.skills import SKILLS

__all__ = ["SKILLS", "Plan"]
