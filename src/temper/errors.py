"""The errors a user can meet, one per boundary. Each message says what, where, and what to do next.

TemperError
├── ConfigError      a setting is wrong, or contradicts the run it is used with
├── TargetError      a model cannot be used at all
├── StoreError       the run folder or its database cannot be read or written
├── ArtifactError    an earlier stage's output is missing or malformed
├── MeasureError     a measure cannot judge anything
└── LockedError      another process works in the run folder
"""


class TemperError(Exception):
    """The user, or something outside temper, must change something: exit code 2."""


class Stopped(Exception):
    """The work ends early, with what was answered kept: a cap is reached. Exit code 3."""


class ConfigError(TemperError):
    """A setting is wrong, or contradicts the run it is used with."""


class TargetError(TemperError):
    """A model cannot be used at all. One bad reply is a Reply with an error, never this."""


class StoreError(TemperError):
    """The run folder or its database cannot be read or written."""


class ArtifactError(TemperError):
    """An earlier stage's output is missing or malformed."""


class MeasureError(TemperError):
    """A measure cannot judge anything."""


class LockedError(StoreError):
    """Another process works in the run folder."""
