"""Which stages have run, and under which settings."""

import json
from collections.abc import Mapping
from typing import Any

from temper.store import schema
from temper.store.database import Database


class Stages(Database):
    """The stages of a run and the tables that they derive."""

    def stage_inputs(self) -> dict[str, dict[str, Any]]:
        """For each stage that has run: the settings that decide its result."""
        rows = self.rows("SELECT name, inputs FROM stages")
        return {row["name"]: json.loads(row["inputs"]) for row in rows}

    def set_stage(self, name: str, inputs: Mapping[str, Any], status: str) -> None:
        with self.transaction():
            self.insert(
                "stages",
                [{"name": name, "inputs": json.dumps(inputs, sort_keys=True), "status": status}],
                "OR REPLACE",
            )

    def stage_status(self) -> dict[str, str]:
        return {row["name"]: row["status"] for row in self.rows("SELECT name, status FROM stages")}

    def clear(self, *tables: str) -> None:
        with self.transaction():
            for table in tables:
                self.db.execute(f"DELETE FROM {schema.DERIVED[table]}")
