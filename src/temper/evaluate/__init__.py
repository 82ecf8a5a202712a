"""The final measurement and the figures that come of it."""
