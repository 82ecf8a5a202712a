"""The shipped models: built here from text of our own, with weaknesses that are written down."""
