"""Hardening by training: data from a run's findings, trainings in a chain, before and after."""
