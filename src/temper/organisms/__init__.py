"""The shipped models: built here from text the package writes itself, with weaknesses that are written down."""
