"""The abacus corpus: sums, stories, claims about sums, and what red and blue models are asked."""
