"""One self-contained page from a run's records."""
