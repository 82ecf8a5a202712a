"""What every section of the settings is: frozen, and closed to unknown keys."""

from typing import Any

from pydantic import BaseModel, ConfigDict, JsonValue

FREE: dict[str, JsonValue] = {"free": True}
"""Marks a setting that may change between two calls on one run: it bounds the work only."""


class Section(BaseModel):
    """Base of all sections."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def fixed(self) -> dict[str, Any]:
        """The settings that decide a stage's result; free ones are left out."""
        return {
            name: value
            for name, value in self.model_dump(mode="json").items()
            if type(self).model_fields[name].json_schema_extra != FREE
        }
