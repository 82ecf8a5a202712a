"""The training text of the shipped models: one table file a family, one function file a skill."""
