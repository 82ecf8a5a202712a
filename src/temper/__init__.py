"""temper finds where a language model breaks, proves it with honest numbers, and hardens it."""

__version__ = "0.1.0"
