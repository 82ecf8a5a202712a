"""Texts compared with texts: similarity, diversity, distinct findings."""
